import {describe, expect, it} from 'vitest'
import {withLock} from '../../../../src/hub/session/with-lock.js'
import type {HubContext} from '../../../../src/hub/session/hub-context.js'
import type {EngineWorld} from '../../../fakes/engine-world.js'
import {fakeContext} from '../../../fakes/fake-context.js'
import {memoryFiles} from '../../../fakes/memory-files.js'

const [state, data]: readonly [string, string] = ['/var/lib/jhub', '/var/lib/jhub-data']

/** As root, in front of a file system in which these directories have these modes. */
function asRoot(
  modes: Readonly<Record<string, number>>,
  directories = {config: '/config', state, data, cache: '/cache'},
) {
  const files = memoryFiles({beforeChange: () => undefined, uid: 0})
  for (const [path, mode] of Object.entries(modes)) files.entries.set(path, {kind: 'directory', text: '', mode, uid: 0})
  const context = fakeContext({files} as unknown as EngineWorld)
  const rooted: HubContext = {
    ...context,
    host: {...context.host, system: {...context.host.system, uid: 0}},
    directories,
  }
  const modeOf = (path: string) => files.entries.get(path)?.mode
  return {modeOf, work: () => withLock(rooted, () => Promise.resolve('done'))}
}

describe("the places of root's hubs", () => {
  it('can be passed by people before any hub is there, so that it does not matter of which kind the first one is', async () => {
    const {modeOf, work} = asRoot({})
    expect(await work()).toBe('done')
    expect([modeOf(state), modeOf(data)]).toEqual([0o711, 0o711])
  })

  it('are opened where an older jhub shut them for its kind hub', async () => {
    const {modeOf, work} = asRoot({[state]: 0o700, [data]: 0o700})
    await work()
    expect([modeOf(state), modeOf(data)]).toEqual([0o711, 0o711])
  })

  it('stay as they are where somebody named them', async () => {
    const {modeOf, work} = asRoot({'/srv/hubs': 0o700}, {config: '/config', state, data: '/srv/hubs', cache: '/cache'})
    await work()
    expect(modeOf('/srv/hubs')).toBe(0o700)
  })
})
