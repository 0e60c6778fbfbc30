import {JhubError} from '../errors.js'
import {planSteps, runSteps, type PlannedChange} from '../steps/run-steps.js'
import {claimHub} from './session/ownership/claim-hub.js'
import type {HubContext} from './session/hub-context.js'
import {peopleWithServers} from './session/servers/running-servers.js'
import {openStandingHub} from './session/spec/standing-spec.js'
import {requireDone} from './session/require-done.js'
import {expectedOf, recordStopped} from './session/steps/stopped-mark.js'
import {withLock} from './session/with-lock.js'

export interface StopOptions {
  readonly dryRun: boolean
  /** Asked when servers run, which end; throws when the answer is no. */
  readonly confirm?: (told: {readonly hub: string; readonly running: readonly string[]}) => Promise<void>
}

export interface StopResult {
  readonly hub: string
  /** `false`: it was never brought up here, or was removed. */
  readonly isThere: boolean
  readonly changes: readonly PlannedChange[]
}

/** Stops everything of the hub and keeps it all: people, passwords, files, the cluster. `start` goes on from there. */
export async function stop(context: HubContext, options: StopOptions): Promise<StopResult> {
  const work = async (): Promise<StopResult> => {
    const hub = await openStandingHub(context)
    await claimHub(context, hub)
    const stopSteps = hub.engine.steps.stop()
    if (stopSteps === undefined) {
      throw new JhubError('JHUB-E100', `${hub.engine.title}: jhub can stop and start only what it made itself`, {
        fix: ['jhub server stop NAME', 'jhub down   # removes the hub; files stay'],
      })
    }
    const isThere = (await expectedOf(context, hub.spec.name)) !== 'absent'
    const running = options.dryRun ? [] : await peopleWithServers(hub)
    if (running.length > 0) await options.confirm?.({hub: hub.spec.name, running})
    const steps = [recordStopped(context, hub.spec.name), ...stopSteps]
    const changes = options.dryRun
      ? await planSteps(steps)
      : await runSteps(steps, {signal: context.signal, onEvent: context.onEvent, keepOnFailure: true})
    if (!options.dryRun)
      await requireDone(steps, 'Not everything could be stopped', 'jhub stop   # again; it continues where it stopped')
    return {hub: hub.spec.name, isThere: isThere || changes.length > 0, changes}
  }
  return options.dryRun ? work() : withLock(context, work)
}
