import {fileURLToPath} from 'node:url'
import {vmEngine} from '../../src/engines/vm/vm-engine.js'
import type {Host} from '../../src/host/host.js'
import {realClock} from '../../src/host/real-clock.js'
import type {HubContext, HubEvent} from '../../src/hub/hub-context.js'
import type {FakeMachine} from './fake-machine.js'

export const assets = fileURLToPath(new URL('../../assets', import.meta.url))

/** What a fake does not know fails the test that asks for it. */
export const unscripted = (what: string) => () => {
  throw new Error(`a verb reached past its engine: ${what}`)
}

export const fakeSystem: Host['system'] = {
  platform: 'linux',
  architecture: 'x64',
  uid: 1000,
  userName: 'teacher',
  homeDirectory: '/home/teacher',
  environment: {},
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  nodePath: '/usr/bin/node',
}

/** A person at a terminal, in front of a fake machine. Whatever a verb reaches for beyond it fails the test. */
export function fakeContext(fake: FakeMachine, events: HubEvent[] = []): HubContext {
  const host: Host = {
    files: fake.files,
    clock: realClock,
    locks: {hold: async (_path, _options, action) => action()},
    commands: {
      run: unscripted('commands.run'),
      startDetached: unscripted('commands.startDetached'),
      pipe: unscripted('commands.pipe'),
    },
    downloads: {bring: unscripted('downloads.bring')},
    tunnels: {open: unscripted('tunnels.open')},
    processes: {
      startTime: unscripted('startTime'),
      signal: unscripted('signal'),
      list: unscripted('list'),
      portState: unscripted('portState'),
      freePort: unscripted('freePort'),
    },
    system: fakeSystem,
  }
  return {
    host,
    signal: new AbortController().signal,
    directories: {config: '/config', state: '/state', data: '/data'},
    asked: {name: 'fake', currentDirectory: '/work'},
    assets,
    command: 'jhub test',
    lockTimeoutMs: 1000,
    chooseEngine: async (spec) => ({
      engine: vmEngine({machine: fake.machine, clock: realClock, assets, hubName: spec.name}),
    }),
    onEvent: (event) => events.push(event),
  }
}
