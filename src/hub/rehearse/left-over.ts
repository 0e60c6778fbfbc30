import type {Finding} from '../../findings/finding.js'
import {JhubError} from '../../errors.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {listNames} from '../../jupyterhub/list-names.js'
import type {HubContext} from '../session/hub-context.js'
import {madeUpPeople} from './made-up-people.js'
import {findRehearsal} from './rehearsal-record.js'

/** Made-up people on the hub; `isRunning`: their rehearsal, begun on this computer, is under way and removes them itself. */
export interface LeftOver {
  readonly names: readonly string[]
  readonly isRunning: boolean
}

/** People of a rehearsal, by what the hub and the record on this computer say; `undefined` for none. */
export async function findLeftOver(
  context: HubContext,
  hubName: string,
  api: HubApi | undefined,
): Promise<LeftOver | undefined> {
  const known = await findRehearsal(context, hubName)
  const there = await madeUpPeopleSeen(api)
  if (known === undefined && there.length === 0) return undefined
  return {names: [...new Set([...there, ...(known?.names ?? [])])], isRunning: known?.isRunning ?? false}
}

/** Nobody where the hub cannot say: why, others tell. */
async function madeUpPeopleSeen(api: HubApi | undefined): Promise<readonly string[]> {
  try {
    return api !== undefined && (await api.isReady()) ? await madeUpPeople(api) : []
  } catch (error) {
    if (error instanceof JhubError) return []
    throw error
  }
}

/** One sentence about it. */
export function describeLeftOver({names, isRunning}: LeftOver): string {
  const who = names.length === 0 ? '' : `: ${listNames(names)}`
  return isRunning ? `A rehearsal is under way${who}` : `Left over from a rehearsal${who}`
}

/** For `doctor`. */
export async function checkLeftOver(
  context: HubContext,
  hubName: string,
  api: HubApi | undefined,
): Promise<readonly Finding[]> {
  const left = await findLeftOver(context, hubName, api)
  if (left === undefined) return []
  const found = describeLeftOver(left)
  const check = 'rehearsal'
  return [left.isRunning ? {check, state: 'ok', found} : {check, state: 'warning', found, fix: 'jhub rehearse --clean'}]
}
