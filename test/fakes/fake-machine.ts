import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {readFileSync} from 'node:fs'
import {JhubError} from '../../src/errors.js'
import type {CommandResult} from '../../src/host/commands.js'
import {machineLayout} from '../../src/engines/vm/layout.js'
import type {Machine} from '../../src/engines/vm/machines/machine.js'
import type {ServiceDefinition, ServiceState} from '../../src/engines/vm/supervisor.js'
import {startFakeHub, type FakeHub, type FakeHubState} from './fake-hub.js'
import {memoryFiles, type MemoryFiles} from './memory-files.js'

const assets = fileURLToPath(new URL('../../assets', import.meta.url))

/** The jhub process was killed: nothing it does from now on has an effect, its undo included. */
class Killed extends Error {
  override readonly name = 'Killed'
}

/** A machine that behaves: programs, files and services that keep their state from one `jhub` to the next. */
export interface FakeMachine {
  readonly machine: Machine
  readonly files: MemoryFiles
  readonly changes: string[]
  /** What people have put on the hub: survives as long as its database does. */
  hubState: FakeHubState | undefined
  /** Dies before the n-th change from now. `undefined`: lives. */
  killAt: number | undefined
  /** Makes the n-th change from now fail, once. */
  failAt: number | undefined
  /** So many of the next starts of the hub end at once. */
  brokenHubStarts: number
  readonly services: Map<string, ServiceDefinition & {readonly pid: number}>
  isKilled(): boolean
  /** A new jhub begins: the one before was killed. */
  revive(): void
  close(): Promise<void>
}

export function fakeMachine(port: number): FakeMachine {
  const changes: string[] = []
  const services = new Map<string, ServiceDefinition & {readonly pid: number}>()
  let hub: FakeHub | undefined
  let nextPid = 100
  let isDead = false

  const beforeChange = (what: string) => {
    if (isDead) throw new Killed(what)
    if (fake.killAt !== undefined && fake.killAt-- === 0) {
      fake.killAt = undefined
      isDead = true
      throw new Killed(what)
    }
    if (fake.failAt !== undefined && fake.failAt-- === 0) {
      fake.failAt = undefined
      throw new JhubError('JHUB-E201', `planned failure at: ${what}`)
    }
    changes.push(what)
  }
  const files = memoryFiles({beforeChange})
  const layout = machineLayout('/state/fake', '/data/fake')
  const shipped = {
    ...files,
    read: async (file: string) => (file.startsWith(assets) ? readFileSync(file, 'utf8') : files.read(file)),
  }

  const run = async (argv: readonly string[]): Promise<CommandResult> => {
    const line = argv.join(' ')
    const answer = (stdout = ''): CommandResult => ({stdout, stderr: '', exitCode: 0})
    if (argv[1] === '-c' && argv[2]?.includes('isOpenToAll') === true) {
      return answer(JSON.stringify({path: '/usr/bin/python3', version: '3.12.1', isOpenToAll: true}))
    }
    if (line === 'uv --version') return answer('uv 0.13.0')
    if (argv[0] === 'uv' && argv[1] === 'venv') {
      const directory = argv.at(-1) ?? ''
      await files.write(path.posix.join(directory, 'bin', 'python'), 'python')
      return answer()
    }
    if (argv[0] === 'uv' && argv[1] === 'pip' && argv[2] === 'install') {
      const python = argv[argv.indexOf('--python') + 1] ?? ''
      if ((await files.read(python)) === undefined) throw new JhubError('JHUB-E201', `${python} is not there`)
      await files.write(path.posix.join(path.posix.dirname(python), 'jupyterhub'), 'program')
      return answer()
    }
    if (argv.includes('--show-config')) return answer()
    throw new Error(`the fake machine does not know this program: ${line}`)
  }

  const status = async (name: string): Promise<ServiceState> => {
    const service = services.get(name)
    return service === undefined
      ? {state: 'stopped'}
      : {state: 'running', pid: service.pid, fingerprint: service.fingerprint, generation: String(service.pid)}
  }
  const stop = async (name: string) => {
    if (!services.has(name)) return
    beforeChange(`stop ${name}`)
    services.delete(name)
    await closeHub()
  }
  /** The hub answers at its door when both the hub and the proxy run. */
  const openHub = async () => {
    if (!services.has('hub') || !services.has('proxy') || hub !== undefined) return
    const {apiToken} = JSON.parse((await files.read(layout.secrets)) ?? '{}') as {apiToken: string}
    hub = await startFakeHub({token: apiToken, port, ...(fake.hubState === undefined ? {} : {state: fake.hubState})})
    fake.hubState = hub.state
    files.entries.set(`${layout.database}/jupyterhub.sqlite`, {
      kind: 'file',
      text: 'accounts',
      mode: 0o600,
      uid: 1000,
    })
  }
  const closeHub = async () => {
    await hub?.close()
    hub = undefined
  }

  const machine: Machine = {
    title: 'fake',
    layout,
    files: shipped,
    facts: {
      platform: 'linux',
      architecture: 'x64',
      uid: 1000,
      userName: 'teacher',
      networkEnvironment: {},
    },
    size: async () => ({cores: 2, memoryBytes: 8 * 1024 ** 3}),
    servers: {
      settings: {spawner: 'process'},
      limitsInForce: async () => ({memoryBy: 'not enforced', cpuBy: 'not enforced'}),
      changeLimits: async () => undefined,
      promises: async () => [],
      upSteps: () => [],
      downSteps: () => [],
    },
    listenAddress: ({address}) => address,
    reach: async (url) => url,
    async *logs() {},
    proxy: {node: '/usr/bin/node', module: '/lib/proxy'},
    run,
    portState: async () => ({state: 'free'}),
    freePort: async () => 20_000 + nextPid++,
    supervisor: {
      status,
      async start(service) {
        beforeChange(`start ${service.name}`)
        if (service.name === 'hub' && fake.brokenHubStarts-- > 0) return
        fake.brokenHubStarts = Math.max(0, fake.brokenHubStarts)
        services.set(service.name, {...service, pid: nextPid++})
        await openHub()
      },
      stop,
      stopServers: async () => 0,
      environmentsInUse: async () => [],
      countProcesses: async () => services.size,
    },
  }
  const fake: FakeMachine = {
    machine,
    files,
    changes,
    services,
    hubState: undefined,
    killAt: undefined,
    failAt: undefined,
    brokenHubStarts: 0,
    isKilled: () => isDead,
    revive() {
      isDead = false
      fake.killAt = undefined
      fake.failAt = undefined
    },
    close: closeHub,
  }
  return fake
}
