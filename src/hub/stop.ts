import {JhubError} from '../errors.js'
import {planSteps, runSteps, type PlannedChange} from '../steps/run-steps.js'
import type {HubContext} from './session/hub-context.js'
import {openHub} from './session/open-hub.js'
import {requireDone} from './session/require-done.js'
import {recordStopped} from './session/stopped-mark.js'
import {withLock} from './session/with-lock.js'

export interface StopResult {
  readonly hub: string
  readonly changes: readonly PlannedChange[]
}

/** Stops everything of the hub and keeps it all: people, passwords, files, the cluster. `start` goes on from there. */
export async function stop(context: HubContext, options: {readonly dryRun: boolean}): Promise<StopResult> {
  const work = async (): Promise<StopResult> => {
    const hub = await openHub(context)
    const stopSteps = hub.engine.stopSteps()
    if (stopSteps === undefined) {
      throw new JhubError('JHUB-E100', `${hub.engine.title}: only what jhub made itself can be stopped and started`, {
        fix: ['jhub server stop NAME', 'jhub down   # takes the hub away; files stay'],
      })
    }
    const steps = [recordStopped(context, hub.spec.name), ...stopSteps]
    const changes = options.dryRun
      ? await planSteps(steps)
      : await runSteps(steps, {signal: context.signal, onEvent: context.onEvent, keepOnFailure: true})
    if (!options.dryRun)
      await requireDone(steps, 'Not everything could be stopped', 'jhub stop   # again; it goes on from here')
    return {hub: hub.spec.name, changes}
  }
  return options.dryRun ? work() : withLock(context, work)
}
