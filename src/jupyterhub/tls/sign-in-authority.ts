import {JhubError} from '../../errors.js'
import type {Files} from '../../host/files/files.js'
import type {AuthSpec} from '../../hub-spec/auth/auth-spec.js'

/** The name of the file with the authority, among those of the hub. */
export const authorityName = 'sign_in_authority.pem'

/**
 * The authority of the provider's certificate (PEM); `undefined` where the spec names none. Throws `JHUB-E301` when the file is
 * not there, or holds no certificate.
 */
export async function readAuthority(files: Files, {provider}: Pick<AuthSpec, 'provider'>): Promise<string | undefined> {
  const file = provider?.ca
  if (file === undefined) return undefined
  const text = await files.read(file)
  const problem = text === undefined ? undefined : authorityProblem(text)
  if (text !== undefined && problem === undefined) return text
  const what = problem === undefined ? 'there is no such file' : `it ${problem}`
  throw new JhubError('JHUB-E301', `In the settings file, auth.ca names ${file}, and ${what}`, {
    fix: 'jhub config edit',
  })
}

/** Why a text is no authority; `undefined` where it is one. */
export function authorityProblem(text: string): string | undefined {
  return text.includes('-----BEGIN CERTIFICATE-----') ? undefined : 'holds no certificate in PEM'
}
