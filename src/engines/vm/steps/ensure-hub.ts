import {JhubError, messageOf} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {isHubReady} from '../../../jupyterhub/hub-ready.js'
import type {Step} from '../../../steps/step.js'
import {waitUntil, type Probe} from '../../../steps/wait-until.js'
import type {Configuration} from '../configuration.js'
import type {Machine} from '../machines/machine.js'
import {readRunningDoor, type RunningDoor} from '../running-door.js'
import {hubService, hubServiceFingerprint, type HubConfiguration} from '../services.js'
import type {ServiceDefinition} from '../supervisor.js'

export interface HubWanted {
  readonly machine: Machine
  readonly clock: Clock
  readonly wanted: () => Promise<Configuration | undefined>
}

/**
 * The hub itself. Users' servers run on while it restarts. When the new one does not come up, the one that ran before is
 * started again with its old configuration, and the new one's last words are told.
 */
export function ensureHub({machine, clock, wanted}: HubWanted): Step {
  const {supervisor} = machine
  let started = false

  const startAndWait = async (service: ServiceDefinition, signal?: AbortSignal) => {
    await supervisor.start(service)
    const door = await readRunningDoor(machine)
    if (door === undefined) throw new JhubError('JHUB-E001', 'The hub was asked for before its door')
    const reached = {...door, url: await machine.reach(door.url)}
    await waitUntil(() => probeHub(machine, reached), {
      what: 'the hub to answer',
      deadlineMs: 120_000,
      intervalMs: 50,
      clock,
      fix: 'jhub logs',
      ...(signal === undefined ? {} : {signal}),
    })
  }

  return {
    title: 'Start the hub',
    async check() {
      const [configuration, hub, proxy] = await Promise.all([
        wanted(),
        supervisor.status('hub'),
        supervisor.status('proxy'),
      ])
      if (hub.state === 'stopped') return {summary: 'start JupyterHub', disturbs: 'live'}
      const isCurrent =
        configuration !== undefined &&
        proxy.state === 'running' &&
        hub.fingerprint === hubServiceFingerprint(configuration, proxy.generation)
      return isCurrent
        ? undefined
        : {summary: 'restart JupyterHub with its new configuration', disturbs: 'hub restarts (servers keep running)'}
    },
    async apply({signal}) {
      const [configuration, proxy, before] = await Promise.all([
        wanted(),
        supervisor.status('proxy'),
        readRunning(machine),
      ])
      if (configuration === undefined || proxy.state === 'stopped')
        throw new JhubError('JHUB-E001', 'The hub was asked for before its proxy')
      started = (await supervisor.status('hub')).state === 'stopped'
      await supervisor.stop('hub', signal)
      const service = hubService(machine, configuration, proxy.generation)
      try {
        await startAndWait(service, signal)
      } catch (error) {
        const lastWords = await readLastWords(machine)
        await supervisor.stop('hub')
        if (signal.aborted) throw error
        const restored =
          before === undefined ? undefined : await restore(machine, before, proxy.generation, startAndWait)
        throw new JhubError('JHUB-E206', `The hub did not come up: ${messageOf(error)}${restored ?? ''}`, {
          cause: new Error(lastWords),
          fix: ['jhub logs', 'jhub doctor'],
        })
      }
      const {directory, hubFingerprint, hubPython} = configuration
      await machine.files.write(runningFile(machine), `${JSON.stringify({directory, hubFingerprint, hubPython})}\n`, {
        mode: 0o600,
      })
    },
    async undo() {
      if (!started) return
      await supervisor.stop('hub')
      await machine.files.remove(runningFile(machine))
    },
  }
}

/** Which configuration last came up. */
function runningFile(machine: Machine): string {
  return `${machine.layout.run}/configuration.json`
}

async function readRunning(machine: Machine): Promise<HubConfiguration | undefined> {
  const text = await machine.files.read(runningFile(machine))
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as HubConfiguration
    return (await machine.files.stat(value.directory)) === undefined ? undefined : value
  } catch {
    return undefined
  }
}

async function restore(
  machine: Machine,
  before: HubConfiguration,
  proxyGeneration: string,
  startAndWait: (service: ServiceDefinition) => Promise<void>,
): Promise<string> {
  try {
    await startAndWait(hubService(machine, before, proxyGeneration))
    return '. The hub runs again with the configuration it had before'
  } catch (error) {
    return `. The configuration before does not come up either: ${messageOf(error)}`
  }
}

async function probeHub(machine: Machine, {url, trust}: RunningDoor): Promise<Probe<true>> {
  const seen = await isHubReady(url, trust)
  if (seen.ready) return {ready: true}
  if ((await machine.supervisor.status('hub')).state === 'stopped') {
    throw new JhubError('JHUB-E206', 'it stopped right after it was started')
  }
  if ((await machine.supervisor.status('proxy')).state === 'stopped') {
    throw new JhubError('JHUB-E206', `its proxy stopped (${machine.layout.logs}/proxy.log)`)
  }
  return {notYet: seen.answer}
}

async function readLastWords(machine: Machine): Promise<string> {
  const lines: string[] = []
  const signal = AbortSignal.timeout(10_000)
  for await (const line of machine.logs({of: 'hub', lines: 20, follow: false, signal})) lines.push(line)
  return lines.join('\n')
}
