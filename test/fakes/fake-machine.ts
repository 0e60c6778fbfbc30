import {hubsBeside} from '../../src/engines/vm/machines/hub-recovery.js'
import {machineLayout} from '../../src/engines/vm/machines/layout.js'
import type {Machine} from '../../src/engines/vm/machines/machine.js'
import {vmEngine} from '../../src/engines/vm/vm-engine.js'
import {realClock} from '../../src/host/real-clock.js'
import {realHost} from '../../src/host/real-host.js'
import {assets, entriesOf, withShipped, type EngineWorld} from './engine-world.js'
import type {FakeHttpsProxy} from './fake-https-proxy.js'
import {fakePrograms} from './fake-programs.js'
import {fakeServices} from './fake-services.js'
import {newFault} from './fault.js'
import {memoryFiles} from './memory-files.js'
import {innerPort} from './quiet-port.js'

/** A machine whose hub and servers are its processes. */
export interface FakeMachine extends EngineWorld {
  readonly machine: Machine
  /** Caddy there, and what an authority says to it. */
  httpsProxy(): FakeHttpsProxy
}

export function fakeMachine(port: number): FakeMachine {
  const fault = newFault()
  const files = memoryFiles(fault)
  const layout = machineLayout('/state/fake', '/data/fake')
  const programs = fakePrograms(files)

  const machine: Machine = {
    title: 'fake',
    layout,
    files: withShipped(files),
    facts: {platform: 'linux', architecture: 'x64', uid: 1000, userName: 'teacher', networkEnvironment: {}},
    proxy: {place: async () => ({node: '/usr/bin/node', module: '/lib/proxy'})},
    async run(argv, options) {
      const result = await programs(argv, options)
      if (result === undefined) throw new Error(`the fake machine does not know this program: ${argv.join(' ')}`)
      return result
    },
    hubNames: () => hubsBeside({files, layout}),
    network: {
      portState: async () => ({state: 'free'}),
      freePort: innerPort,
      lookUp: async () => ['192.168.1.5'],
      listenAddress: ({address}) => address,
      reach: async (url) => url,
      roomAddresses: () => ['192.168.1.5'],
      otherNames: () => ['laptop', '192.168.1.5'],
    },
    size: async () => ({cores: 2, memoryBytes: 8 * 1024 ** 3}),
    servers: {
      settings: {spawner: 'process'},
      limitsInForce: async () => ({memoryBy: 'not enforced', cpuBy: 'not enforced'}),
      totalInForce: async () => ({memoryBy: 'not enforced', cpuBy: 'not enforced', counted: 'memory in use'}),
      usage: async (servers) => ({servers: servers.map(() => ({memoryBytes: 1, cpuSeconds: 1, processes: 1}))}),
      limitSteps: () => [],
      changeLimits: async () => undefined,
      platformNotes: async () => [],
      upSteps: () => [],
      downSteps: () => [],
    },
    supervisor: {
      async status(name) {
        const service = world.running.get(name)
        return service === undefined
          ? {state: 'stopped'}
          : {state: 'running', ...service, generation: String(service.pid)}
      },
      isInstalled: async () => true,
      async start({name, fingerprint, argv}, makeRoom) {
        await makeRoom?.()
        fault.beforeChange(`start ${name}`)
        await world.stop(name)
        await world.start(name, fingerprint, argv)
      },
      async stop(name) {
        if (!world.running.has(name)) return
        fault.beforeChange(`stop ${name}`)
        await world.stop(name)
      },
      stopServers: async () => 0,
      endStrays: async () => undefined,
      environmentsInUse: async () => [],
      heldPorts: async () => [],
      countProcesses: async () => world.running.size,
      async *logs({of}) {
        if (of === 'https') yield* world.httpsProxy.log
      },
    },
  }
  const below = (directory: string) => [...files.entries.keys()].filter((path) => path.startsWith(`${directory}/`))
  const fake: FakeMachine = Object.assign(fault, {
    machine,
    httpsProxy: () => world.httpsProxy,
    files,
    hubState: undefined,
    brokenHubStarts: 0,
    isForeign: false,
    engine: async (hubName: string) =>
      vmEngine({
        machine,
        name: 'process',
        isElsewhere: false,
        clock: realClock,
        local: withShipped(files),
        checksums: realHost().checksums,
        processes: {hasForeignListener: async () => fake.isForeign},
        assets,
        state: `/state/${hubName}`,
      }),
    services: () => new Map([...world.running].map(([name, {fingerprint}]) => [name, fingerprint])),
    snapshot: () => entriesOf(files),
    leftovers: () => [...below('/state'), ...world.running.keys()],
    dataLeft: () => below('/data'),
    homeFile: (user: string, name: string) => `${layout.homes}/${user}/${name}`,
    homeFiles: files,
    close: () => world.close(),
  })
  const world = fakeServices({port, files, layout, memory: fake})
  return fake
}
