import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {Host} from '../../../host/host.js'
import type {ProcessFacts} from '../../../host/processes.js'
import {waitUntil} from '../../../steps/wait-until.js'
import type {Layout} from '../machines/layout.js'
import type {ServiceDefinition, ServiceState, Supervisor} from './supervisor.js'

type ServiceName = ServiceDefinition['name']

interface ServiceRecord {
  readonly pid: number
  readonly startTime: string
  readonly fingerprint: string
}

const politeMs = 15_000
const forcedMs = 5_000

/**
 * Services as processes of their own session. Each has a record of its pid with the time the process began, so that a pid
 * that now belongs to another program is never signalled. A service without a readable record (jhub was killed between the
 * two) is known by its command line.
 */
export function detachedSupervisor(
  host: Pick<Host, 'files' | 'commands' | 'processes' | 'clock'>,
  layout: Layout,
): Supervisor {
  const {files, commands, processes, clock} = host
  const recordFile = (name: ServiceName) => path.join(layout.run, `${name}.json`)

  const status = async (name: ServiceName): Promise<ServiceState> => {
    const record = parseRecord(await files.read(recordFile(name)))
    if (record !== undefined) {
      return (await processes.startTime(record.pid)) === record.startTime
        ? {state: 'running', pid: record.pid, fingerprint: record.fingerprint, generation: String(record.pid)}
        : {state: 'stopped'}
    }
    const stray = (await processes.list()).find((facts) => serviceOf(facts, layout) === name)
    return stray === undefined
      ? {state: 'stopped'}
      : {state: 'running', pid: stray.pid, fingerprint: undefined, generation: String(stray.pid)}
  }

  const end = async (pids: readonly number[], what: string, signal?: AbortSignal): Promise<void> => {
    const started = new Map<number, string>()
    for (const pid of pids) {
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
    const found = await status(name)
    if (found.state === 'running') await end([found.pid], `the ${name}`, signal)
    await files.remove(recordFile(name))
  }

  return {
    status,
    async start(service) {
      await stop(service.name)
      await files.makeDirectory(layout.run, {mode: 0o700})
      const pid = await commands.startDetached(service.argv, service)
      const startTime = await processes.startTime(pid)
      if (startTime === undefined) {
        throw new JhubError('JHUB-E206', `The ${service.name} ended as soon as it was started`, {
          fix: `tail ${service.logFile}`,
        })
      }
      const record: ServiceRecord = {pid, startTime, fingerprint: service.fingerprint}
      await files.write(recordFile(service.name), `${JSON.stringify(record)}\n`, {mode: 0o600})
    },
    stop,
    async stopServers(signal) {
      const servers = (await processes.list()).filter((facts) => isServerProcess(facts, layout))
      await end(
        servers.map(({pid}) => pid),
        "the users' servers",
        signal,
      )
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
    heldPorts: () => Promise.resolve([]),
    async countProcesses() {
      return (await processes.list()).filter(
        (facts) => serviceOf(facts, layout) !== undefined || isServerProcess(facts, layout),
      ).length
    },
  }
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
    typeof value.fingerprint === 'string'
  )
}

/** Which service a process is, told by the script it was started with, which stands below the hub's own directory. */
function serviceOf({argv}: ProcessFacts, layout: Layout): ServiceName | undefined {
  const below = (name: string) =>
    argv.slice(1, 6).some((word) => word.startsWith(`${layout.configurations}/`) && word.endsWith(`/${name}`))
  if (below('start-proxy.cjs')) return 'proxy'
  if (below('caddy.json')) return 'front'
  return argv[0]?.startsWith(`${layout.environments}/`) === true && below('jupyterhub_config.py') ? 'hub' : undefined
}

/** A user's server and what it started: it runs from the user environment, or lives in one of the homes. */
function isServerProcess({argv, home}: ProcessFacts, layout: Layout): boolean {
  return argv[0]?.startsWith(`${layout.environments}/user-`) === true || home?.startsWith(`${layout.homes}/`) === true
}
