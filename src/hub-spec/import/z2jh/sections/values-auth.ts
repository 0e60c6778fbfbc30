import {isRecord} from '../../../document/is-record.js'
import {className, commonAuthenticators, isAuthenticator} from '../../sign-in/authenticators.js'
import type {ClassTraits} from '../../sign-in/class-traits.js'
import {readSignIn} from '../../sign-in/read-sign-in.js'
import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {shown} from '../../../document/shown.js'
import type {InUse} from './values-people.js'

const classPath = ['hub', 'config', 'JupyterHub', 'authenticator_class'] as const
const passwords = 'People log in with a password that jhub gives them.'

/** How people sign in; who they are is left for `takePeople`. */
export function takeSignIn(importing: Importing): InUse {
  const word = importing.take(...classPath)
  if (word === undefined) return {used: undefined, auth: {}}
  if (word === 'null' || word === null) {
    importing.note([...classPath], `lets nobody in, and is left out. ${passwords}`)
    return {used: 'NullAuthenticator', auth: {}}
  }
  const said = typeof word === 'string' && word !== '' ? word : shown(word)
  const used = className(said)
  return {used, auth: takeAuth(importing, used, said)}
}

/** As the spec's `auth` has it; `{}` where people get passwords. */
function takeAuth(importing: Importing, name: string, said: string): Keys {
  const {note} = importing
  const path = [...classPath]
  const auth = readSignIn(name, traitsOf(name, importing))
  if (auth === undefined) {
    const why = name === 'DummyAuthenticator' ? ': without a password it lets anybody in under any name' : ''
    note(path, `${said} is left out${why}. ${passwords}`)
    return {}
  }
  if (Object.keys(auth).length === 0)
    note(path, `${said} keeps only hashes of passwords: everybody gets a new one, shown once by \`jhub up\`.`)
  return auth
}

function traitsOf(name: string, {take, look, note}: Importing): ClassTraits {
  const places = [name, ...commonAuthenticators]
  const placeOf = (trait: string) => places.find((place) => look('hub', 'config', place, trait) !== undefined) ?? name
  return {
    look: (trait) => look('hub', 'config', placeOf(trait), trait),
    take: (trait) => take('hub', 'config', placeOf(trait), trait),
    note(trait, sentence) {
      note(['hub', 'config', name, trait], sentence)
    },
  }
}

/** What the values say besides of how people log in is named, without its secrets. `used`: what the spec says instead. */
export function leaveOutAuth({take, look, note}: Importing, used: Keys): void {
  const config = look('hub', 'config')
  for (const name of (isRecord(config) ? Object.keys(config) : []).filter(isAuthenticator)) {
    const traits = take('hub', 'config', name)
    const keys = isRecord(traits) ? Object.keys(traits) : []
    const open = keys.filter((key) =>
      /^(?:allow_|allowed_|hosted_domain$|open_signup$|create_users$|admin_groups$)/.test(key),
    )
    const ofGroups = 'manage_groups'
    const others = keys.filter((key) => !open.includes(key) && key !== ofGroups)
    const at = ['hub', 'config', name]
    if (open.length > 0) note(at, `(${open.join(', ')}) is left out: ${whoMayLogIn(used)}.`)
    if (keys.includes(ofGroups)) note([...at, ofGroups], 'is left out: groups are those of the settings file.')
    if (others.length > 0 || !isRecord(traits))
      note(at, `${others.length === 0 ? 'is' : `(${others.join(', ')}) is`} left out: ${howTheyLogIn(used)}.`)
  }
  const old = take('auth')
  if (old === undefined) return
  const left = keysLeft(old)
  note(
    ['auth'],
    `${left.length > 0 ? `(${left.join(', ')}) ` : ''}is of charts before 1.0: left out. People log in with a password that jhub gives them; \`jhub auth set\` gives another way.`,
  )
}

/** The keys of a section, each with those below it; without one of which everything was taken. */
function keysLeft(section: unknown): readonly string[] {
  if (!isRecord(section)) return []
  return Object.entries(section).flatMap(([key, value]) =>
    isRecord(value) ? Object.keys(value).map((below) => `${key}.${below}`) : [key],
  )
}

function whoMayLogIn({allow}: Keys): string {
  return allow === undefined
    ? 'only people whom the settings file names may log in'
    : 'only people under users, and those of auth.allow, may log in'
}

function howTheyLogIn({method}: Keys): string {
  return typeof method === 'string' ? `${method} has no such setting here` : 'people log in with passwords here'
}
