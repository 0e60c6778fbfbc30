import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {Host} from '../../../host/host.js'
import type {ProcessFacts} from '../../../host/processes.js'
import {waitUntil} from '../../../steps/wait-until.js'
import type {Layout} from '../machines/layout.js'
import {serviceNames, type ServiceDefinition, type ServiceState, type Supervisor} from './supervisor.js'

type ServiceName = ServiceDefinition['name']

interface ServiceRecord {
  /** Of what keeps the service running. */
  readonly pid: number
  readonly startTime: string
  readonly fingerprint: string
  /** That it holds for the service. */
  readonly ports?: readonly number[]
}

const politeMs = 15_000
const forcedMs = 5_000
const keeperName = 'keep-running.sh'
const holderName = 'hold-ports.py'

export interface DetachedOptions {
  readonly host: Pick<Host, 'files' | 'commands' | 'processes' | 'clock'>
  readonly layout: Layout
  /** The text of `keep-running.sh`. */
  readonly keeper: () => Promise<string>
  /** The text of `hold-ports.py`. */
  readonly holder: () => Promise<string>
}

/**
 * Services as processes of their own session, each kept running by a small parent. A record has the parent's pid with the
 * time it began, so that a pid that now belongs to another program is never signalled. A service without a parent or a
 * readable record (one of them was killed) is known by its command line.
 */
export function detachedSupervisor({host, layout, keeper, holder}: DetachedOptions): Supervisor {
  const {files, commands, processes, clock} = host
  const recordFile = (name: ServiceName) => path.join(layout.run, `${name}.json`)
  const pidFile = (name: ServiceName) => path.join(layout.run, `${name}.pid`)

  /** By its record; without a readable one by its command line, and then nobody knows with what it was started. */
  const findKeeper = async (
    name: ServiceName,
  ): Promise<{readonly pid: number; readonly fingerprint: string | undefined} | undefined> => {
    const record = parseRecord(await files.read(recordFile(name)))
    if (record !== undefined && (await processes.startTime(record.pid)) === record.startTime) return record
    const stray = (await processes.list()).find((facts) => isKeeper(facts, layout) && facts.argv[3] === name)
    return stray === undefined ? undefined : {pid: stray.pid, fingerprint: undefined}
  }
  /** Whose parent is alive: it says as which process the service runs, and that is its own child. */
  const findKept = async (name: ServiceName): Promise<number | undefined> => {
    const pid = Number(await files.read(pidFile(name)))
    return pid > 1 && (await processes.startTime(pid)) !== undefined ? pid : undefined
  }
  const findStrays = async (name: ServiceName): Promise<readonly number[]> =>
    (await processes.list()).filter((facts) => serviceOf(facts, layout) === name).map(({pid}) => pid)

  const status = async (name: ServiceName): Promise<ServiceState> => {
    const parent = await findKeeper(name)
    const kept = parent === undefined ? undefined : await findKept(name)
    const pid = kept ?? (await findStrays(name))[0]
    if (pid === undefined) return {state: 'stopped'}
    const fingerprint = pid === kept ? parent?.fingerprint : undefined
    return {state: 'running', pid, fingerprint, generation: String(parent?.pid ?? pid)}
  }

  /** Asks them to end, in this order; after a while, the system ends them. */
  const end = async (pids: readonly number[], what: string, signal?: AbortSignal): Promise<void> => {
    const started = new Map<number, string>()
    for (const pid of new Set(pids)) {
      const startTime = await processes.startTime(pid)
      if (startTime !== undefined) started.set(pid, startTime)
    }
    const alive = async () => {
      const left: number[] = []
      for (const [pid, startTime] of started) if ((await processes.startTime(pid)) === startTime) left.push(pid)
      return left
    }
    const waitFor = (deadlineMs: number) =>
      waitUntil(
        async () => {
          const left = await alive()
          return left.length === 0 ? {ready: true} : {notYet: `still running: ${left.join(', ')}`}
        },
        {what: `${what} to end`, deadlineMs, intervalMs: 30, clock, ...(signal === undefined ? {} : {signal})},
      )
    for (const pid of await alive()) await processes.signal(pid, 'SIGTERM')
    try {
      await waitFor(politeMs)
    } catch (error) {
      if (!(error instanceof JhubError) || error.code !== 'JHUB-E501') throw error
      for (const pid of await alive()) await processes.signal(pid, 'SIGKILL')
      await waitFor(forcedMs)
    }
  }

  const stop = async (name: ServiceName, signal?: AbortSignal): Promise<void> => {
    const all = await processes.list()
    const services = all.filter((facts) => serviceOf(facts, layout) === name)
    const keepers = all.filter((facts) => isKeeper(facts, layout) && facts.argv[3] === name)
    const companions = name === 'hub' ? all.filter((facts) => isCompanion(facts, layout)) : []
    const kept = (await findKeeper(name)) === undefined ? undefined : await findKept(name)
    await end([...pidsOf([...keepers, ...services]), ...(kept === undefined ? [] : [kept])], `the ${name}`, signal)
    await end(pidsOf(companions), `the services of the ${name}`, signal)
    for (const file of [recordFile(name), pidFile(name)]) await files.remove(file)
  }

  /** What listens at the ports of a service, and then becomes `argv`. */
  const holding = async ({listeners, python}: ServiceDefinition, argv: readonly string[]) => {
    if (listeners === undefined || python === undefined) return argv
    const program = path.join(layout.run, holderName)
    await files.write(program, await holder(), {mode: 0o600})
    return [python, program, ...listeners.flatMap(({address, port}) => [address, String(port)]), '--', ...argv]
  }
  const portsOf = async (name: ServiceName): Promise<readonly number[]> => {
    const record = parseRecord(await files.read(recordFile(name)))
    if (record === undefined || (await processes.startTime(record.pid)) !== record.startTime) return []
    return record.ports ?? []
  }

  return {
    status,
    // What starts it again is in the memory of its parent.
    isInstalled: () => Promise.resolve(true),
    async start(service) {
      const {name} = service
      await stop(name)
      await files.makeDirectory(layout.run, {mode: 0o700})
      const program = path.join(layout.run, keeperName)
      await files.write(program, await keeper(), {mode: 0o600})
      await files.remove(pidFile(name))
      const argv = await holding(service, ['/bin/sh', program, layout.run, name, ...service.argv])
      const pid = await commands.startDetached(argv, service)
      const startTime = await processes.startTime(pid)
      if (startTime === undefined) throw endedAtOnce(service)
      const ports = (service.listeners ?? []).map(({port}) => port)
      const record: ServiceRecord = {pid, startTime, fingerprint: service.fingerprint, ports}
      await files.write(recordFile(name), `${JSON.stringify(record)}\n`, {mode: 0o600})
      await waitUntil(
        async () => {
          if ((await files.stat(pidFile(name))) !== undefined) return {ready: true}
          if ((await processes.startTime(pid)) !== startTime) throw endedAtOnce(service)
          return {notYet: 'not begun'}
        },
        {what: `the ${name} to begin`, deadlineMs: 30_000, intervalMs: 10, clock, fix: `tail ${service.logFile}`},
      )
    },
    stop,
    async stopServers(signal) {
      const servers = (await processes.list()).filter((facts) => isOther(facts, layout))
      await end(pidsOf(servers), 'what the hub had started', signal)
      return servers.length
    },
    async environmentsInUse() {
      const programs = (await processes.list()).flatMap(({argv}) => argv[0] ?? [])
      const below = `${layout.environments}/`
      const names = programs
        .filter((program) => program.startsWith(below))
        .map((program) => program.slice(below.length).split('/')[0] ?? '')
      return [...new Set(names)].map((name) => path.join(layout.environments, name))
    },
    async heldPorts(only) {
      const names = only === undefined ? serviceNames : [only]
      return [...new Set((await Promise.all(names.map(portsOf))).flat())]
    },
    async countProcesses() {
      const all = await processes.list()
      return all.filter((facts) => isService(facts, layout) || isOther(facts, layout)).length
    },
  }
}

function pidsOf(found: readonly ProcessFacts[]): readonly number[] {
  return found.map(({pid}) => pid)
}

function endedAtOnce({name, logFile}: ServiceDefinition): JhubError {
  return new JhubError('JHUB-E206', `The ${name} ended as soon as it was started`, {fix: `tail ${logFile}`})
}

function parseRecord(text: string | undefined): ServiceRecord | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is ServiceRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isSafeInteger(value.pid) &&
    Number(value.pid) > 1 &&
    'startTime' in value &&
    typeof value.startTime === 'string' &&
    'fingerprint' in value &&
    typeof value.fingerprint === 'string' &&
    (!('ports' in value) || (Array.isArray(value.ports) && value.ports.every(Number.isInteger)))
  )
}

/** Which service a process is, told by the script it was started with, which stands below the hub's own directory. */
function serviceOf(facts: ProcessFacts, layout: Layout): ServiceName | undefined {
  if (isKeeper(facts, layout)) return undefined
  const {argv} = facts
  const below = (name: string) =>
    argv.slice(1, 6).some((word) => word.startsWith(`${layout.configurations}/`) && word.endsWith(`/${name}`))
  if (below('start-proxy.cjs')) return 'proxy'
  if (below('caddy.json')) return 'front'
  return argv[0]?.startsWith(`${layout.environments}/`) === true && below('jupyterhub_config.py') ? 'hub' : undefined
}

/** A service, or what keeps it running. */
function isService(facts: ProcessFacts, layout: Layout): boolean {
  return isKeeper(facts, layout) || serviceOf(facts, layout) !== undefined
}

function isKeeper({argv}: ProcessFacts, layout: Layout): boolean {
  return argv[1] === path.join(layout.run, keeperName)
}

/** Runs from the environment of the hub and is not the hub: a service of JupyterHub's own, such as the idle culler. */
function isCompanion(facts: ProcessFacts, layout: Layout): boolean {
  const [program, how] = facts.argv
  return program?.startsWith(`${layout.environments}/hub-`) === true && how === '-m' && !isService(facts, layout)
}

/** All else of a hub: whatever was started from a program below its directory, and what lives in one of the homes. */
function isOther(facts: ProcessFacts, layout: Layout): boolean {
  const {argv, home} = facts
  if (isService(facts, layout)) return false
  return argv[0]?.startsWith(`${layout.root}/`) === true || home?.startsWith(`${layout.homes}/`) === true
}
