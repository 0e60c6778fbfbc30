import {describe, expect, it} from 'vitest'
import {hopelessStart} from '../../../src/jupyterhub/hopeless-start.js'

describe('a line of a starting server', () => {
  it.each([
    ['2026-11-24T23:22:19Z [Warning] Error: ImagePullBackOff', true],
    ['2026-11-24T23:22:19Z [Warning] Error: InvalidImageName', true],
    ['2026-11-24T23:22:19Z [Warning] Error: ErrImagePull', false],
    ['2026-11-24T23:22:19Z [Normal] Pulling image "example/course:1"', false],
    ['2026-11-24T23:22:19Z [Warning] 0/1 nodes are available: 1 Insufficient memory.', false],
  ])('%s', (line, isHopeless) => {
    expect(hopelessStart(line) !== undefined).toBe(isHopeless)
  })
})
