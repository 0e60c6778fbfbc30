import {expect, it} from 'vitest'
import type {TotalInForce} from '../../../../src/engines/engine.js'
import {renderInForce, renderLimits} from '../../../../src/cli/render/render-limits.js'

const rules = {default: {}, groups: {}, users: {}, total: {memoryBytes: 2 ** 30}, resolved: null, platformNotes: []}
const held: TotalInForce = {memoryBy: 'cgroup v2', cpuBy: 'cgroup v2', counted: 'memory in use', memoryBytes: 2 ** 30}
const unheld: TotalInForce = {memoryBy: 'not enforced', cpuBy: 'not enforced', counted: 'memory in use'}
const running = [{user: 'ana', inForce: unheld, differs: false}]

it('says what holds all servers together, and nothing of it where no server runs yet', () => {
  expect(renderLimits({...rules, running: [], whole: unheld})).not.toContain('not limited')
  expect(renderLimits({...rules, running, whole: unheld})).toContain('memory and cores are not limited now.')
  expect(renderLimits({...rules, running: [], whole: {...held, holder: 'jhub-class.slice'}})).toContain(
    'held by jhub-class.slice.',
  )
})

it('says of cores without a limit that they are not limited', () => {
  const held = {memoryBytes: 2 ** 30, memoryBy: 'cgroup v2', cpuBy: 'cgroup v2'} as const
  expect(renderInForce(held)).toBe('memory 1G by cgroup v2, cpu not limited')
})
