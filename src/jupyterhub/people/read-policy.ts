import {policyGroup} from '../../hub-spec/people/group-name.js'
import type {HubApi} from '../hub-api.js'

/** The rules of limits and images as the hub has them, which an admin can have changed there; nothing of a hub that does not run. */
export async function readPolicy(api: HubApi | undefined): Promise<unknown> {
  const group = (await api?.groups())?.find(({name}) => name === policyGroup)
  return group?.properties['policy']
}
