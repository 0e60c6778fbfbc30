import type {HubAddresses} from '../../engines/hub-addresses.js'
import type {AuthSpec} from '../../hub-spec/auth-spec.js'

export interface CallbackAddress {
  readonly url: string
  /** Why a provider may refuse it. */
  readonly trouble?: string
}

/** What has to be registered at the provider: one for each address by which people come. */
export function callbackAddresses(
  {provider, method}: AuthSpec,
  {here, others}: HubAddresses,
): readonly CallbackAddress[] {
  if (provider === undefined || provider.family === 'ldap') return []
  return [...new Set([...(here === null ? [] : [here]), ...others])].map((address) => {
    const url = `${address.replace(/\/$/, '')}/hub/oauth_callback`
    const {protocol, hostname} = new URL(address)
    const isHere = hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]'
    if (protocol === 'https:' || isHere) return {url}
    const isRefused = method === 'google' || method === 'microsoft'
    return {
      url,
      trouble: isRefused
        ? `${provider.label} refuses an address that is not https; see access.https`
        : 'many providers refuse an address that is not https; see access.https',
    }
  })
}
