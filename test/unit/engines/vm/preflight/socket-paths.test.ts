import {describe, expect, it} from 'vitest'
import {machineLayout} from '../../../../../src/engines/vm/machines/layout.js'
import {checkSocketPaths} from '../../../../../src/engines/vm/preflight/check-socket-paths.js'

describe("the paths of a hub's sockets", () => {
  it.each([
    ['/home/ana/.local/state/jhub/jhub', undefined],
    [`/${'a'.repeat(82)}`, undefined],
    [`/${'a'.repeat(83)}`, 'at most 83 bytes'],
    // Bytes are counted, not letters.
    [`/${'é'.repeat(50)}`, 'at most 83 bytes'],
  ])('fit below %s, or a sentence says what would', (root, needed) => {
    const [finding] = checkSocketPaths(machineLayout(root, '/data'))
    expect(finding?.needed).toBe(needed)
    if (finding !== undefined) expect(finding).toMatchObject({state: 'problem', check: `directory ${root}`})
  })
})
