/** Where providers have the page on which people sign in, below the address by which they call themselves. */
const pages: readonly (readonly [RegExp, string])[] = [
  // Keycloak.
  [/^(.*\/realms\/[^/]+)\/protocol\/openid-connect\/auth$/, '$1'],
  [/^https:\/\/login\.microsoftonline\.com\/([^/]+)\/oauth2\/.*$/, 'https://login.microsoftonline.com/$1/v2.0'],
  [/^https:\/\/accounts\.google\.com\/.*$/, 'https://accounts.google.com'],
  // Auth0 writes the slash.
  [/^(https:\/\/[^/]+\.auth0\.com)\/authorize$/, '$1/'],
  // Okta: of the organization, and of an authorization server.
  [/^(https?:\/\/[^/]+)\/oauth2\/v1\/authorize$/, '$1'],
  [/^(https?:\/\/[^/]+\/oauth2\/[^/]+)\/v1\/authorize$/, '$1'],
  [/^(https?:\/\/[^/]+(?:\/.*)?)\/(?:oauth2?|oidc|connect|protocol\/openid-connect)\/(?:auth|authorize)$/, '$1'],
  [/^(https?:\/\/[^/]+(?:\/.*)?)\/(?:auth|authorize|authorization)$/, '$1'],
]

/** The issuer that a provider's sign-in page is likely of; `undefined` for a text that is no address. A guess: only the issuer's own description tells. */
export function issuerOf(authorizeUrl: string): string | undefined {
  if (!URL.canParse(authorizeUrl)) return undefined
  const {origin, pathname} = new URL(authorizeUrl)
  const address = `${origin}${pathname}`.replace(/\/+$/, '')
  const found = pages.find(([pattern]) => pattern.test(address))
  return found === undefined ? origin : address.replace(found[0], found[1])
}
