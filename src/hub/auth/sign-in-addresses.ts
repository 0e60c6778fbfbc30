import type {HubAddresses} from '../../jupyterhub/hub-addresses.js'
import type {AuthMethod} from '../../hub-spec/auth/auth-document.js'
import type {ProviderSpec} from '../../hub-spec/auth/auth-provider.js'
import type {AuthSpec} from '../../hub-spec/auth/auth-spec.js'

export interface CallbackAddress {
  readonly url: string
  /** What the provider calls it, where it has to know several: `Initiate login URL`. */
  readonly use?: string
  /** Why a provider may refuse it. */
  readonly trouble?: string
}

/** What has to be registered at the provider: one for each address by which people come. */
export function callbackAddresses(
  {provider, method}: AuthSpec,
  {here, others}: HubAddresses,
): readonly CallbackAddress[] {
  if (provider === undefined || provider.family === 'ldap' || provider.family === 'class') return []
  const addresses = [...new Set([...(here === null ? [] : [here]), ...others])]
  const uses = provider.family === 'lti' ? platformUses : [{path: 'oauth_callback'}]
  return addresses.flatMap((address) =>
    uses.map(({path, ...use}) => ({
      url: `${address.replace(/\/$/, '')}/hub/${path}`,
      ...use,
      ...troubleOf(address, provider, method),
    })),
  )
}

const platformUses = [
  {use: 'Tool URL and redirection URI', path: 'lti13/oauth_callback'},
  {use: 'Initiate login URL', path: 'lti13/oauth_login'},
] as const

/** Providers whose rules for callback addresses are known, and leave out all that are not https. */
const refusing: ReadonlySet<AuthMethod> = new Set(['google', 'microsoft', 'cilogon'])

function troubleOf(address: string, provider: ProviderSpec, method: AuthMethod): {readonly trouble?: string} {
  const {protocol, hostname} = new URL(address)
  const isHere = hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]'
  if (protocol === 'https:' || isHere) return {}
  if (provider.family === 'lti')
    return {trouble: 'the platform sends people only to an https address; see access.https'}
  return {
    trouble: refusing.has(method)
      ? `${provider.label} refuses an address that is not https; see access.https`
      : 'many providers refuse an address that is not https; see access.https',
  }
}
