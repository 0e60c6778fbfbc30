import {isRecord} from '../../document/is-record.js'
import type {Keys} from '../take-keys.js'
import {readAuth0, readGeneric, readGithub, readGitlab, readGoogle, readMicrosoft} from './accounts.js'
import {readCilogon} from './cilogon.js'
import type {ClassTraits} from './class-traits.js'
import {readDirectory} from './directory.js'
import {readPlatform} from './platform.js'
import {readDummy, readRoom} from './room.js'

type Reader = (traits: ClassTraits) => Keys | undefined

/** People get new passwords: of the old ones there are only hashes. */
const passwords: Reader = () => ({})

const readers = new Map<string, Reader>(
  Object.entries({
    Auth0OAuthenticator: readAuth0,
    AzureAdOAuthenticator: readMicrosoft,
    CILogonOAuthenticator: readCilogon,
    DummyAuthenticator: readDummy,
    FirstUseAuthenticator: passwords,
    GenericOAuthenticator: readGeneric,
    GitHubOAuthenticator: readGithub,
    GitLabOAuthenticator: readGitlab,
    GoogleOAuthenticator: readGoogle,
    LDAPAuthenticator: readDirectory,
    LTI13Authenticator: readPlatform,
    NativeAuthenticator: passwords,
    SharedPasswordAuthenticator: readRoom,
  }),
)

/**
 * The spec's `auth` for an authenticator of JupyterHub, never more open than it was; `{}` where people have passwords of their
 * own, `undefined` where jhub has nothing like it.
 */
export function readSignIn(className: string, traits: ClassTraits): Keys | undefined {
  return readers.get(className.replace(/^Local(?=[A-Z])/, ''))?.(traits)
}

/** Who can sign in by an imported `auth`, where its hub may have let in more; `undefined` is passwords. */
export function closedNotes(auth: unknown): readonly string[] {
  if (!isRecord(auth))
    return ['The way people sign in could not be imported: they log in with passwords that jhub gives them.']
  return auth['allow'] === undefined
    ? [
        'Only people under users can sign in. auth.allow lets more in, as {everybody: true}; `jhub auth show` says who can.',
      ]
    : []
}
