import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import {busyHubMs, isHubReady} from '../../../jupyterhub/hub-ready.js'
import {waitUntil, type Probe} from '../../../steps/wait-until.js'
import type {Machine} from '../machines/machine.js'
import {readRunningEndpoint, type RunningEndpoint} from '../configuration/running-endpoint.js'
import type {ServiceDefinition} from './supervisor.js'

/** Starts a hub behind its proxy, and knows whether it answers. */
export interface HubStarter {
  /** Throws `JHUB-E206` when it stopped at once, `JHUB-E501` when it never answered. */
  startAndWait(service: ServiceDefinition, signal?: AbortSignal): Promise<void>
  /** Whether a hub answers, be it ever so busy. */
  answers(): Promise<boolean>
  /** Waits for a hub that was started by another, as a booting machine does: up to a minute, while it runs. */
  comesUp(signal?: AbortSignal): Promise<boolean>
}

/** A small virtual machine under load took 108 seconds. One that stopped is seen at once, however long this is. */
const startMs = 300_000

export function hubStarter(machine: Machine, clock: Clock): HubStarter {
  const findEndpoint = async (): Promise<RunningEndpoint | undefined> => {
    const endpoint = await readRunningEndpoint(machine)
    return endpoint === undefined ? undefined : {...endpoint, url: await machine.network.reach(endpoint.url)}
  }
  const waitForAnswer = async (deadlineMs: number, signal?: AbortSignal): Promise<void> => {
    const endpoint = await findEndpoint()
    if (endpoint === undefined) throw new JhubError('JHUB-E001', 'The hub was asked for before its endpoint')
    await waitUntil(() => probeHub(machine, endpoint), {
      what: 'the hub to answer',
      deadlineMs,
      intervalMs: 50,
      clock,
      fix: 'jhub logs',
      ...definedOnly({signal}),
    })
  }
  const answers = async () => {
    const endpoint = await findEndpoint()
    return endpoint !== undefined && (await isHubReady(endpoint.url, endpoint.trust, busyHubMs)).ready
  }
  return {
    async startAndWait(service, signal) {
      await machine.supervisor.start(service)
      await waitForAnswer(startMs, signal)
    },
    answers,
    async comesUp(signal) {
      try {
        await waitForAnswer(60_000, signal)
        return true
      } catch (error) {
        if (!(error instanceof JhubError) || !['JHUB-E206', 'JHUB-E501'].includes(error.code)) throw error
        return false
      }
    },
  }
}

async function probeHub(machine: Machine, {url, trust}: RunningEndpoint): Promise<Probe<true>> {
  const seen = await isHubReady(url, trust)
  if (seen.ready) return {ready: true}
  if ((await machine.supervisor.status('hub')).state === 'stopped') {
    throw new JhubError('JHUB-E206', 'it stopped right after it started')
  }
  if ((await machine.supervisor.status('proxy')).state === 'stopped') {
    throw new JhubError('JHUB-E206', `its proxy stopped (${machine.layout.logs}/proxy.log)`)
  }
  return {notYet: seen.answer}
}
