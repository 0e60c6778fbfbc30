import type {LogOptions} from '../engines/engine.js'
import type {HubContext} from './session/hub-context.js'
import {requireUser} from './session/people/require-user.js'
import {openStandingHub} from './session/spec/standing-spec.js'

export interface LogsOptions {
  readonly of: 'hub' | 'proxy' | 'front'
  readonly user?: string
  readonly lines: number
  readonly follow: boolean
}

/** Lines of the log of the hub, the proxy, the HTTPS proxy or a person's server. */
export async function logs(
  context: HubContext,
  {of, user, lines, follow}: LogsOptions,
): Promise<AsyncIterable<string>> {
  const hub = await openStandingHub(context)
  const whose: LogOptions['of'] = user === undefined ? of : {user: requireUser(hub.spec, user).name}
  return hub.engine.logs({of: whose, lines, follow, signal: context.signal})
}
