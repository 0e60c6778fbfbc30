import {basePath} from '../../../hub-spec/access/base-url.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {HubContext} from '../hub-context.js'
import type {OpenHub} from '../open-hub.js'
import {peopleWithServers} from './running-servers.js'

/**
 * Warns where the hub's path changes while servers run: each was started for the old path, and its pages are not found at the
 * new one until it is started again.
 */
export async function warnOfMovedServers(
  context: Pick<HubContext, 'onEvent'>,
  hub: Pick<OpenHub, 'connect' | 'spec'>,
  applied: HubSpec | undefined,
): Promise<void> {
  if (applied === undefined) return
  const [before, after] = [applied, hub.spec].map(({access}) => `${basePath(access)}/`)
  if (before === after) return
  const {length: count} = await peopleWithServers(hub)
  if (count === 0) return
  const servers = count === 1 ? '1 server runs and stays' : `${String(count)} servers run and stay`
  context.onEvent({
    type: 'warning',
    text: `The hub's path changes from ${String(before)} to ${String(after)}. ${servers} at the old path until you restart them: jhub server restart --all`,
  })
}
