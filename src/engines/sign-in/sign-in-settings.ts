import type {AuthSpec} from '../../hub-spec/auth/auth-spec.js'

/** What `assets/hub/jhub_methods.py` reads. The keys are its. `caFile`: where the provider's authority stands there. */
export function signInSettings({method, provider, allow, adminGroups, groups}: AuthSpec, caFile: string): object {
  if (method === 'password') return {method}
  const rules = {allow, adminGroups, groups: Object.fromEntries(groups)}
  if (provider === undefined) return {method, family: method, issuer: 'room', stripDomain: '', ...rules}
  const {ca, stripDomain = '', ...said} = provider
  return {method, ...said, stripDomain, caFile: ca === undefined ? '' : caFile, ...rules}
}
