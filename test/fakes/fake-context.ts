import {realArchives} from '../../src/host/files/archives/real-archives.js'
import type {Host} from '../../src/host/host.js'
import {realClock} from '../../src/host/real-clock.js'
import type {HubContext, HubEvent} from '../../src/hub/session/hub-context.js'
import {assets, type EngineWorld} from './engine-world.js'

export {assets}

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
  hostName: 'laptop',
  addresses: ['192.168.1.5', '172.17.0.1'],
  roomAddresses: ['192.168.1.5'],
  environment: {},
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  nodePath: '/usr/bin/node',
}

/** A person at a terminal, in front of a fake world. Whatever a verb reaches for beyond it fails the test. */
export function fakeContext(fake: EngineWorld, events: HubEvent[] = []): HubContext {
  const host: Host = {
    files: fake.files,
    clock: realClock,
    locks: {hold: async (_path, _options, action) => action()},
    commands: {
      run: unscripted('commands.run'),
      startDetached: unscripted('commands.startDetached'),
      converse: unscripted('commands.converse'),
      pipe: unscripted('commands.pipe'),
    },
    docker: new Proxy({} as Host['docker'], {get: (_, name) => unscripted(`docker.${String(name)}`)}),
    archives: realArchives,
    checksums: {of: unscripted('checksums.of'), ofPlain: unscripted('checksums.ofPlain')},
    downloads: {fetch: unscripted('downloads.fetch')},
    tunnels: {open: unscripted('tunnels.open')},
    names: {lookUp: unscripted('names.lookUp')},
    processes: {
      startTime: unscripted('startTime'),
      signal: unscripted('signal'),
      list: unscripted('list'),
      portState: unscripted('portState'),
      freePort: unscripted('freePort'),
      hasForeignListener: unscripted('hasForeignListener'),
    },
    system: fakeSystem,
  }
  return {
    host,
    signal: new AbortController().signal,
    directories: {config: '/config', state: '/state', data: '/data', cache: '/cache'},
    asked: {name: 'fake', currentDirectory: '/work'},
    assets,
    command: 'jhub test',
    lockTimeoutMs: 1000,
    chooseEngine: async (spec) => ({engine: await fake.engine(spec.name)}),
    agree: async () => false,
    onEvent: (event) => events.push(event),
  }
}
