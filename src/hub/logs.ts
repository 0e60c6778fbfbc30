import type {LogOptions} from '../engines/engine.js'
import type {HubContext} from './session/hub-context.js'
import {requireUser} from './session/people/require-user.js'
import {openStandingHub} from './session/spec/standing-spec.js'

export interface LogsOptions {
  readonly of: 'hub' | 'proxy' | 'https'
  readonly user?: string
  readonly lines: number
  readonly follow: boolean
}

/** Lines of the log of the hub, the proxy, the HTTPS proxy or a person's server. Tells when there are none. */
export async function logs(
  context: HubContext,
  {of, user, lines, follow}: LogsOptions,
): Promise<AsyncIterable<string>> {
  const hub = await openStandingHub(context)
  const whose: LogOptions['of'] = user === undefined ? of : {user: requireUser(hub.spec, user).name}
  const options = {of: whose, lines, signal: context.signal}
  const [newest] = await Array.fromAsync(hub.engine.platform.logs({...options, lines: 1, follow: false}))
  if (newest === undefined)
    context.onEvent({
      type: 'note',
      text: `There is no log of ${describe(whose)} yet.${follow ? ' Waiting for its first line; Ctrl-C ends this.' : ''}`,
    })
  return hub.engine.platform.logs({...options, follow})
}

function describe(whose: LogOptions['of']): string {
  if (typeof whose !== 'string') return `${whose.user}'s server`
  return whose === 'https' ? 'an HTTPS proxy' : `the ${whose}`
}
