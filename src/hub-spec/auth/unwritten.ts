import type {AuthDocument} from './auth-document.js'
import type {AuthSpec} from './auth-spec.js'

/** What a sign-in cannot be without and a text of which is written for somebody to replace. */
export type UnwrittenKey = keyof typeof unwrittenValues

/** In place of what an imported configuration does not say. No provider has these: nobody signs in by them. */
export const unwrittenValues = {
  clientId: 'YOUR-CLIENT-ID',
  issuer: 'https://YOUR-ISSUER.invalid',
  tenant: '00000000-0000-0000-0000-000000000000',
  identityProviders: ['urn:YOUR-INSTITUTION'],
  server: 'ldaps://YOUR-DIRECTORY.invalid',
  base: 'ou=YOUR-PEOPLE',
  authorizeUrl: 'https://YOUR-PLATFORM.invalid/authorize',
  keysUrl: 'https://YOUR-PLATFORM.invalid/keys',
} as const satisfies {readonly [key in keyof AuthDocument]?: AuthDocument[key] | readonly string[]}

export function isUnwrittenKey(key: string): key is UnwrittenKey {
  return Object.hasOwn(unwrittenValues, key)
}

/** Its value as it stands in a settings file. */
export function unwrittenText(key: UnwrittenKey): string {
  return [unwrittenValues[key]].flat().join('')
}

/** The keys of `auth` that somebody still has to write. */
export function findUnwritten({provider}: Pick<AuthSpec, 'provider'>): readonly UnwrittenKey[] {
  const told = JSON.stringify(provider ?? {}).toLowerCase()
  return Object.keys(unwrittenValues)
    .filter(isUnwrittenKey)
    .filter((key) => told.includes(unwrittenText(key).toLowerCase()))
}
