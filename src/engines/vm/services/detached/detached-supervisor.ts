import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import {lastLines} from '../../../../host/processes/last-lines.js'
import type {Host} from '../../../../host/host.js'
import type {ProcessFacts} from '../../../../host/processes/processes.js'
import {waitUntil} from '../../../../steps/wait-until.js'
import {accountName} from '../../../../hub-spec/people/user-name.js'
import type {Layout} from '../../machines/layout.js'
import {endProcesses} from '../../../end-processes.js'
import {followLog} from './follow-log.js'
import {isBelow, isCompanion, isKeeper, isOther, isService, keeperName, serviceOf} from './hub-processes.js'
import {parseRecord, type ServiceRecord} from './service-record.js'
import {
  namesOnMachine,
  serviceNames,
  type ServiceDefinition,
  type ServiceState,
  type Supervisor,
} from '../supervisor.js'

type ServiceName = ServiceDefinition['name']

const holderName = 'hold-ports.py'

export interface DetachedOptions {
  readonly host: Pick<Host, 'files' | 'commands' | 'processes' | 'clock' | 'system'>
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
export function detachedSupervisor(options: DetachedOptions): Supervisor {
  const {host, layout} = options
  const {processes} = host
  const endOthers = async (signal?: AbortSignal) => {
    const others = await findOthers(options)
    await endProcesses(host, {pids: pidsOf(others), what: 'what the hub had started', signal})
    return others.length
  }
  return {
    status: (name) => statusOf(options, name),
    // What starts it again is in the memory of its parent.
    isInstalled: () => Promise.resolve(true),
    async start(service, makeRoom) {
      await makeRoom?.()
      await start(options, service)
    },
    stop: (name, signal) => stop(options, name, signal),
    stopServers: endOthers,
    async endStrays(signal) {
      await endOthers(signal)
    },
    async environmentsInUse() {
      const all = [...(await processes.list()), ...(await processesOfPeople(options))]
      const programs = all.flatMap(({argv}) => argv[0] ?? [])
      const below = `${layout.environments}/`
      const names = programs
        .filter((program) => program.startsWith(below))
        .map((program) => program.slice(below.length).split('/')[0] ?? '')
      return [...new Set(names)].map((name) => path.join(layout.environments, name))
    },
    logs({of, ...wanted}) {
      const file =
        typeof of === 'string'
          ? path.posix.join(layout.logs, `${namesOnMachine[of]}.log`)
          : path.posix.join(layout.serverLogs, `${accountName(of.user)}.log`)
      return followLog(host.files, host.clock, file, wanted)
    },
    async heldPorts(only) {
      const names = only === undefined ? serviceNames : [only]
      const records = await Promise.all(names.map((name) => currentRecord(options, name)))
      return [...new Set(records.flatMap((record) => record?.ports ?? []))]
    },
    async countProcesses() {
      const own = (await processes.list()).filter((facts) => isService(facts, layout) || isOther(facts, layout))
      return own.length + (await processesOfPeople(options)).length
    },
  }
}

/** Servers, and whatever else is of the hub and no service of it. */
async function findOthers(options: DetachedOptions): Promise<readonly ProcessFacts[]> {
  const {host, layout} = options
  const own = (await host.processes.list()).filter((facts) => isOther(facts, layout))
  return [...own, ...(await processesOfPeople(options))]
}

/** Where people have accounts of their own, those own the homes; what they run is never a service. */
async function processesOfPeople({host, layout}: DetachedOptions): Promise<readonly ProcessFacts[]> {
  const {files, processes, system} = host
  const names = (await files.list(layout.homes)) ?? []
  const homes = await Promise.all(names.map((name) => files.stat(path.join(layout.homes, name))))
  const accounts = [...new Set(homes.flatMap((home) => home?.uid ?? []))].filter((uid) => uid !== system.uid)
  if (accounts.length === 0) return []
  return (await processes.list(accounts)).filter((facts) => isBelow(facts, layout))
}

async function statusOf(options: DetachedOptions, name: ServiceName): Promise<ServiceState> {
  const {host, layout} = options
  const parent = await findKeeper(options, name)
  const child = parent === undefined ? undefined : await findChild(options, name)
  const pid = child ?? (await host.processes.list()).find((facts) => serviceOf(facts, layout) === name)?.pid
  if (pid === undefined) return {state: 'stopped'}
  const fingerprint = pid === child ? parent?.fingerprint : undefined
  return {state: 'running', pid, fingerprint, generation: String(parent?.pid ?? pid)}
}

async function start(options: DetachedOptions, service: ServiceDefinition): Promise<void> {
  const {layout, keeper} = options
  const {files, commands, processes, clock} = options.host
  const {name} = service
  await stop(options, name)
  await files.makeDirectory(layout.run, {mode: 0o700})
  const program = path.join(layout.run, keeperName)
  await files.write(program, await keeper(), {mode: 0o600})
  await files.remove(pidFile(layout, name))
  const logBytes = (await files.stat(service.logFile))?.sizeBytes ?? 0
  const argv = await holding(options, service, ['/bin/sh', program, layout.run, namesOnMachine[name], ...service.argv])
  const pid = await commands.startDetached(argv, service)
  const startTime = await processes.startTime(pid)
  if (startTime === undefined) throw await endedAtOnce(options, service, logBytes)
  const ports = (service.listeners ?? []).map(({port}) => port)
  const record: ServiceRecord = {pid, startTime, fingerprint: service.fingerprint, ports}
  await files.write(recordFile(layout, name), `${JSON.stringify(record)}\n`, {mode: 0o600})
  await waitUntil(
    async () => {
      if ((await files.stat(pidFile(layout, name))) !== undefined) return {ready: true}
      if ((await processes.startTime(pid)) !== startTime) throw await endedAtOnce(options, service, logBytes)
      return {notYet: 'not begun'}
    },
    {what: `the ${name} to begin`, deadlineMs: 30_000, intervalMs: 10, clock, fix: `tail ${service.logFile}`},
  )
}

async function stop(options: DetachedOptions, name: ServiceName, signal?: AbortSignal): Promise<void> {
  const {host, layout} = options
  const all = await host.processes.list()
  const services = all.filter((facts) => serviceOf(facts, layout) === name)
  const keepers = all.filter((facts) => isKeeper(facts, layout) && facts.argv[3] === namesOnMachine[name])
  const companions = name === 'hub' ? all.filter((facts) => isCompanion(facts, layout)) : []
  const child = (await findKeeper(options, name)) === undefined ? undefined : await findChild(options, name)
  const pids = [...pidsOf([...keepers, ...services]), ...(child === undefined ? [] : [child])]
  await endProcesses(host, {pids, what: `the ${name}`, signal})
  await endProcesses(host, {pids: pidsOf(companions), what: `the services of the ${name}`, signal})
  for (const file of [recordFile(layout, name), pidFile(layout, name)]) await host.files.remove(file)
}

/** What listens at the ports of a service, and then becomes `argv`. */
async function holding(
  {host, layout, holder}: DetachedOptions,
  {listeners, python}: ServiceDefinition,
  argv: readonly string[],
): Promise<readonly string[]> {
  if (listeners === undefined || python === undefined) return argv
  const program = path.join(layout.run, holderName)
  await host.files.write(program, await holder(), {mode: 0o600})
  return [python, program, ...listeners.flatMap(({address, port}) => [address, String(port)]), '--', ...argv]
}

/** The record of a parent that is alive. */
async function currentRecord({host, layout}: DetachedOptions, name: ServiceName): Promise<ServiceRecord | undefined> {
  const record = parseRecord(await host.files.read(recordFile(layout, name)))
  if (record === undefined) return undefined
  return (await host.processes.startTime(record.pid)) === record.startTime ? record : undefined
}

/** The parent by its record; without a readable one by its command line, and then nobody knows with what it was started. */
async function findKeeper(
  options: DetachedOptions,
  name: ServiceName,
): Promise<{readonly pid: number; readonly fingerprint: string | undefined} | undefined> {
  const {host, layout} = options
  const record = await currentRecord(options, name)
  if (record !== undefined) return record
  const stray = (await host.processes.list()).find(
    (facts) => isKeeper(facts, layout) && facts.argv[3] === namesOnMachine[name],
  )
  return stray === undefined ? undefined : {pid: stray.pid, fingerprint: undefined}
}

/** As which process the service runs, as its parent noted it: it is the parent's own child. */
async function findChild({host, layout}: DetachedOptions, name: ServiceName): Promise<number | undefined> {
  const pid = Number(await host.files.read(pidFile(layout, name)))
  return pid > 1 && (await host.processes.startTime(pid)) !== undefined ? pid : undefined
}

function recordFile(layout: Layout, name: ServiceName): string {
  return path.join(layout.run, `${namesOnMachine[name]}.json`)
}

function pidFile(layout: Layout, name: ServiceName): string {
  return path.join(layout.run, `${namesOnMachine[name]}.pid`)
}

function pidsOf(found: readonly ProcessFacts[]): readonly number[] {
  return found.map(({pid}) => pid)
}

/** With what it wrote to its log, which had `logBytes` when it was started. */
async function endedAtOnce(
  {host}: DetachedOptions,
  {name, logFile}: ServiceDefinition,
  logBytes: number,
): Promise<JhubError> {
  const written = await host.files.readFrom(logFile, logBytes).catch(() => undefined)
  const said = lastLines(written?.text, 5)
  return new JhubError('JHUB-E206', `The ${name} stopped as soon as it started`, {
    ...(said === '' ? {} : {cause: new Error(said)}),
    fix: `tail ${logFile}`,
  })
}
