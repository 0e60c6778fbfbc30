/** The names by which JupyterHub's configuration calls authenticators (`authenticator_class: github`). */
const entryPoints: Readonly<Record<string, string>> = {
  auth0: 'Auth0OAuthenticator',
  azuread: 'AzureAdOAuthenticator',
  bitbucket: 'BitbucketOAuthenticator',
  cilogon: 'CILogonOAuthenticator',
  default: 'PAMAuthenticator',
  dummy: 'DummyAuthenticator',
  firstuse: 'FirstUseAuthenticator',
  'generic-oauth': 'GenericOAuthenticator',
  github: 'GitHubOAuthenticator',
  gitlab: 'GitLabOAuthenticator',
  globus: 'GlobusOAuthenticator',
  google: 'GoogleOAuthenticator',
  ldap: 'LDAPAuthenticator',
  lti: 'LTIAuthenticator',
  lti11: 'LTI11Authenticator',
  lti13: 'LTI13Authenticator',
  mediawiki: 'MWOAuthenticator',
  native: 'NativeAuthenticator',
  null: 'NullAuthenticator',
  okpy: 'OkpyOAuthenticator',
  openshift: 'OpenShiftOAuthenticator',
  pam: 'PAMAuthenticator',
  'shared-password': 'SharedPasswordAuthenticator',
  tmp: 'TmpAuthenticator',
}

const otherClasses = [
  'Authenticator',
  'LocalAuthenticator',
  'OAuthenticator',
  'JupyterHub',
  'KubeSpawner',
  'Spawner',
  'ConfigurableHTTPProxy',
  'CryptKeeper',
  'Application',
]

const byLowerCase = new Map(
  [...otherClasses, ...Object.values(entryPoints)].map((name) => [name.toLowerCase(), name] as const),
)

/** The class that a word means: an entry point, a name in any case, or the end of a module's path. */
export function className(word: string): string {
  const last = word.split(/[.:]/).at(-1) ?? word
  const entryPoint = Object.hasOwn(entryPoints, word.toLowerCase()) ? entryPoints[word.toLowerCase()] : undefined
  return entryPoint ?? byLowerCase.get(last.toLowerCase()) ?? last
}

export function isAuthenticator(name: string): boolean {
  return /authenticator/i.test(name)
}

/** Classes whose traits every authenticator has. */
export const commonAuthenticators: ReadonlySet<string> = new Set([
  'Authenticator',
  'LocalAuthenticator',
  'OAuthenticator',
])
