import type {PlatformStatus} from '../engines/engine.js'
import {JhubError} from '../errors.js'
import type {HubApi} from '../jupyterhub/hub-api.js'
import {usableUrl} from '../jupyterhub/hub-addresses.js'
import type {HubContext} from './session/hub-context.js'
import {openStandingHub} from './session/spec/standing-spec.js'
import {findOldCards, type OldCards} from './session/people/printed-cards.js'
import {expectedOf, type Expected} from './session/steps/stopped-mark.js'
import {serverState} from './user/user-list.js'

export interface StatusResult extends PlatformStatus {
  readonly hub: string
  readonly spec: string
  readonly engine: string
  /** `unknown`: the place of the hub could not be asked. */
  readonly state: 'running' | 'starting' | 'stopped' | 'not answering' | 'unknown'
  /** Whether `jhub stop` stopped it; `absent`: it was not brought up. */
  readonly expected: Expected
  /** For this computer; `null` where it can be reached by `jhub open` only. */
  readonly url: string | null
  readonly jupyterhub: string | null
  readonly users: number
  /** Printed with an address at which the hub does not answer now. */
  readonly oldCards: readonly OldCards[]
  readonly servers: Readonly<Record<'running' | 'starting' | 'stopping', number>>
}

/** What is there now, as seen and not as wanted. Without `triesCards`, addresses on cards are not tried, which can take a moment. */
export async function status(context: HubContext, {triesCards = true} = {}): Promise<StatusResult> {
  const hub = await openStandingHub(context)
  const platform = await hub.engine.platform.status(hub.spec)
  const api = platform.unreachable === undefined ? await hub.connect() : undefined
  const seen = api === undefined ? undefined : await lookAt(api)
  const users = seen?.users ?? []
  const states = users.map(({server}) => serverState(server))
  const count = (state: string) => states.filter((each) => each === state).length
  return {
    hub: hub.spec.name,
    spec: hub.file,
    engine: hub.engine.title,
    state: api === undefined ? stateWithout(platform) : seen === undefined ? 'not answering' : 'running',
    expected: await expectedOf(context, hub.spec.name),
    jupyterhub: seen?.version ?? null,
    users: seen === undefined ? hub.spec.users.size : users.length,
    servers: {running: count('running'), starting: count('starting'), stopping: count('stopping')},
    url: usableUrl(platform.addresses),
    oldCards: triesCards && seen !== undefined ? await findOldCards(context, hub.spec) : [],
    ...platform,
  }
}

/** `undefined` of a hub that does not answer, or no longer does in the middle of it. */
async function lookAt(api: HubApi) {
  if (!(await api.isReady())) return undefined
  try {
    const [users, {version}] = await Promise.all([api.users(), api.info()])
    return {users, version}
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E204') return undefined
    throw error
  }
}

/** Of a hub that cannot be reached. */
function stateWithout({services, unreachable}: PlatformStatus): StatusResult['state'] {
  if (unreachable !== undefined) return 'unknown'
  return services.some(({state}) => state === 'starting') ? 'starting' : 'stopped'
}
