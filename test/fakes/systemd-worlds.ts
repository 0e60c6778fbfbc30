import {dockerMachine} from '../../src/engines/vm/machines/docker/docker-machine.js'
import {hostMachine} from '../../src/engines/vm/machines/host/host-machine.js'
import type {Machine} from '../../src/engines/vm/machines/machine.js'
import {vmEngine} from '../../src/engines/vm/vm-engine.js'
import {realClock} from '../../src/host/real-clock.js'
import {realHost} from '../../src/host/real-host.js'
import type {Host} from '../../src/host/host.js'
import {assets, entriesOf, withShipped, type EngineWorld} from './engine-world.js'
import {fakeAgent} from './fake-agent.js'
import {fakeDocker, type FakeDocker} from './fake-docker.js'
import {answer, fakePrograms, type FakeRun} from './fake-programs.js'
import {fakeServices} from './fake-services.js'
import {fakeSystemd} from './fake-systemd.js'
import {newFault, type Fault} from './fault.js'
import {memoryFiles, type MemoryFiles} from './memory-files.js'

interface Inside {
  readonly files: MemoryFiles
  readonly run: FakeRun
}

interface WorldShape {
  readonly name: 'docker' | 'host'
  readonly port: number
  readonly layout: {readonly secrets: string; readonly database: string; readonly homes: string; readonly run: string}
  machine(host: Host): Promise<Machine>
  host(inside: Inside, fault: Fault, onGone: () => Promise<void>): Partial<Host>
  leftovers(inside: readonly string[]): readonly string[]
  dataLeft(inside: readonly string[]): readonly string[]
}

/** A person's machine, and beside it one with systemd that is reached through the agent. */
function systemdWorld(shape: WorldShape): EngineWorld {
  const fault = newFault()
  const files = memoryFiles(fault)
  const inside = memoryFiles({...fault, beforeChange: fault.beforeChange, uid: 0})
  const programs = fakePrograms(inside)
  const world: EngineWorld = Object.assign(fault, {
    files,
    hubState: undefined,
    brokenHubStarts: 0,
    isForeign: false,
    engine: async (hubName: string) =>
      vmEngine({
        machine: await shape.machine(host),
        name: shape.name,
        isElsewhere: false,
        clock: realClock,
        local: withShipped(files),
        checksums: realHost().checksums,
        processes: {hasForeignListener: async () => world.isForeign},
        assets,
        state: `/state/${hubName}`,
      }),
    services: () => new Map([...services.running].map(([name, {fingerprint}]) => [name, fingerprint])),
    snapshot: () => [entriesOf(files), entriesOf(inside)],
    leftovers: () => [
      ...[...files.entries.keys()].filter((path) => path.startsWith('/state/')),
      ...shape.leftovers([...inside.entries.keys()]),
    ],
    dataLeft: () => shape.dataLeft([...inside.entries.keys()]),
    homeFile: (user: string, name: string) => `${shape.layout.homes}/${user}/${name}`,
    homeFiles: inside,
    close: () => services.close(),
  })
  const services = fakeServices({port: shape.port, files: inside, layout: shape.layout, memory: world})
  const systemd = fakeSystemd({files: inside, services, beforeChange: fault.beforeChange})
  const run: FakeRun = async (argv, options) => {
    if (argv[0] === 'find')
      return answer(
        [...inside.entries.keys()].filter(
          (path) => path.startsWith(`${argv[1] ?? ''}/`) && inside.entries.get(path)?.kind === 'file',
        )[0],
      )
    return (await systemd(argv, options)) ?? programs(argv, options)
  }
  const stopAll = async () => {
    for (const name of ['hub', 'proxy', 'https']) await services.stop(name)
  }
  const host = {
    files: withShipped(files),
    clock: realClock,
    archives: {
      pack: async () => Buffer.from('archive'),
      create: () => Promise.reject(new Error('nothing is archived here')),
    },
    processes: {portState: async () => ({state: 'free'})},
    names: {lookUp: async () => ['192.168.1.5']},
    system: {platform: 'linux', architecture: 'x64', uid: 0, cores: 2, memoryBytes: 8 * 1024 ** 3, environment: {}},
    ...shape.host({files: inside, run}, fault, stopAll),
  } as unknown as Host
  return world
}

export function dockerWorld(port: number): EngineWorld {
  let docker: FakeDocker | undefined
  return systemdWorld({
    name: 'docker',
    port,
    layout: {
      secrets: '/opt/jhub/state/fake/secrets.json',
      database: '/opt/jhub/data/fake/database',
      homes: '/opt/jhub/data/fake/homes',
      run: '/opt/jhub/state/fake/run',
    },
    machine: (host) => dockerMachine(host, 'fake', assets),
    host: ({files, run}, {beforeChange}, onGone) => ({
      docker: (docker = fakeDocker({inside: files, run, beforeChange, onGone})),
    }),
    leftovers: () => [
      ...(docker?.containers.keys() ?? []),
      ...[...(docker?.volumes.keys() ?? [])].filter((name) => !name.endsWith('-data')),
    ],
    dataLeft: () => [...(docker?.volumes.keys() ?? []), ...(docker?.images ?? [])],
  })
}

export function hostWorld(port: number): EngineWorld {
  return systemdWorld({
    name: 'host',
    port,
    layout: {
      secrets: '/opt/jhub/fake/secrets.json',
      database: '/opt/jhub/fake.data/database',
      homes: '/opt/jhub/fake.data/homes',
      run: '/opt/jhub/fake/run',
    },
    machine: (host) => hostMachine(host, 'fake', assets),
    host: ({files, run}) => ({
      commands: {
        converse: (_, listener) => fakeAgent(files, run, listener),
        run: () => Promise.reject(new Error('the host machine works through its agent')),
        startDetached: () => Promise.reject(new Error('the host machine starts units')),
        pipe: () => Promise.reject(new Error('the host machine pipes nothing')),
      },
    }),
    leftovers: (inside) =>
      inside.filter(
        (path) => /^\/(?:opt\/jhub\/fake\/|etc\/|run\/)./.test(path) && !/^\/etc\/systemd(?:\/system)?$/.test(path),
      ),
    dataLeft: (inside) => inside.filter((path) => path.startsWith('/opt/')),
  })
}
