import path from 'node:path'
import type {DockerVolume, HomesStatus} from '../engines/engine.js'
import {planSteps, runSteps, type PlannedChange} from '../steps/run-steps.js'
import {bundlePlace} from './bundle/bundle-place.js'
import {claimHub} from './session/ownership/claim-hub.js'
import type {HubContext} from './session/hub-context.js'
import {peopleWithServers} from './session/servers/running-servers.js'
import {openStandingHub} from './session/spec/standing-spec.js'
import {removeState} from './session/steps/remove-state.js'
import {requireDone} from './session/require-done.js'
import {withLock} from './session/with-lock.js'

export interface DownOptions {
  readonly deleteData: boolean
  readonly dryRun: boolean
  /** Asked when servers run, which end; throws when the answer is no. */
  readonly confirm?: (told: {readonly hub: string; readonly running: readonly string[]}) => Promise<void>
}

export interface KeptData {
  readonly what: string
  readonly path: string
  readonly volume?: DockerVolume
}

export interface DownResult {
  readonly hub: string
  readonly spec: string
  readonly changes: readonly PlannedChange[]
  /** What stays, and where; empty after `--delete-data`. */
  readonly kept: readonly KeptData[]
  /** What was deleted of people; empty without `--delete-data`. */
  readonly deleted: readonly string[]
  /** What `up` needs to make it again, as a sentence. */
  readonly afterDown: string
}

/** Takes the hub away and looks that nothing of it is left. Homes and the database stay unless `deleteData`. */
export async function down(context: HubContext, options: DownOptions): Promise<DownResult> {
  const work = async (): Promise<DownResult> => {
    const hub = await openStandingHub(context)
    await claimHub(context, hub)
    const {name} = hub.spec
    const {homes} = await hub.engine.platform.status(hub.spec)
    const running = options.dryRun ? [] : await peopleWithServers(hub)
    if (running.length > 0) await options.confirm?.({hub: name, running})
    const steps = [
      ...hub.engine.steps.down(options),
      removeState(context.host.files, {
        directory: path.join(context.directories.state, name),
        beside: [await bundlePlace(context)],
        deleteData: options.deleteData,
      }),
    ]
    const changes = options.dryRun
      ? await planSteps(steps)
      : await runSteps(steps, {signal: context.signal, onEvent: context.onEvent, keepOnFailure: true})
    if (!options.dryRun)
      await requireDone(steps, 'Could not remove everything', 'jhub down   # again; it continues where it stopped')
    return {
      hub: name,
      spec: hub.file,
      changes,
      kept: options.deleteData ? [] : keptHomes(homes),
      deleted: options.deleteData && !options.dryRun && changes.length > 0 ? deletedData(homes) : [],
      afterDown: hub.engine.platform.afterDown,
    }
  }
  return options.dryRun ? work() : withLock(context, work)
}

function keptHomes({count, ...place}: HomesStatus): readonly KeptData[] {
  if (count === null || count === 0) return []
  return [{what: countHomes(count), ...place}]
}

/** How many homes there were is not known of a hub that did not run. */
function deletedData({count}: HomesStatus): readonly string[] {
  const homes = count === null ? ['all homes'] : count === 0 ? [] : [countHomes(count)]
  return [...homes, "the hub's accounts and passwords"]
}

function countHomes(count: number): string {
  return count === 1 ? '1 home' : `${String(count)} homes`
}
