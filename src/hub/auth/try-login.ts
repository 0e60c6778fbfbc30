import {JhubError} from '../../errors.js'
import type {TrialResult} from '../../jupyterhub/requests/trial-requests.js'
import {waitUntil} from '../../steps/wait-until.js'
import {requireWay} from '../session/find-url.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'

/** As long as the hub lets a link be used. */
const deadlineMs = 600_000
const intervalMs = 1000

/**
 * One test login at the provider: `onLink` gets a link that works once, for whoever signs in there, and gives what the hub would
 * make of them. Nobody is let in. Throws `JHUB-E204` when the hub is not running, `JHUB-E100` where people have passwords of the
 * hub's own, `JHUB-E501` when nobody signed in within ten minutes.
 */
export async function tryLogin(context: HubContext, onLink: (url: string) => void): Promise<TrialResult> {
  const hub = await openHub(context)
  const {provider, method} = hub.spec.auth
  if (provider === undefined)
    throw new JhubError(
      'JHUB-E100',
      `The method ${method} has nothing to try: people sign in with a password of the hub`,
      {
        fix: 'jhub auth set --help   # another way to sign in',
      },
    )
  const api = await hub.requireApi()
  const {here, others} = (await hub.engine.platform.status(hub.spec)).addresses
  const addresses = [...(here === null ? [] : [here]), ...others]
  // Some providers come back by https alone.
  const address = requireWay(addresses.find((each) => each.startsWith('https:')) ?? addresses[0] ?? null)
  const link = await api.makeTrial()
  if (link === undefined)
    throw new JhubError('JHUB-E210', 'The hub cannot do a test login yet: it still runs with its earlier settings', {
      fix: 'jhub up',
    })
  onLink(`${address.replace(/\/$/, '')}${link.path}`)
  return waitUntil(
    async () => {
      const seen = await api.trial(link.id)
      if (seen.state === 'done') return {ready: seen.result}
      if (seen.state === 'gone')
        throw new JhubError('JHUB-E501', 'The test login is over: the link expired, or the hub restarted', {
          fix: 'jhub auth check --login',
        })
      return {
        notYet: seen.state === 'open' ? 'the link was opened, and nobody has signed in' : 'nobody has opened the link',
      }
    },
    {
      what: 'somebody to sign in',
      deadlineMs,
      intervalMs,
      clock: context.host.clock,
      signal: context.signal,
      fix: 'jhub auth check --login',
    },
  )
}
