import {className, commonAuthenticators} from './sign-in/authenticators.js'
import {readSignIn} from './sign-in/read-sign-in.js'
import {takeKeys, type Keys, type Take} from './take-keys.js'
import {isOn, pathsOf, wordOf, wordsOf} from './tljh-words.js'
import {isRecord} from '../document/is-record.js'

/** People by name, as a configuration lists them. */
export interface NamedPeople {
  readonly admins: readonly string[]
  readonly allowed: readonly string[]
  readonly banned: readonly string[]
}

export interface TakenAuth {
  readonly people: NamedPeople
  /** The spec's `auth`; `{}` where people get passwords. */
  readonly keys: Keys
  readonly notes: readonly string[]
}

/** How people log in with TLJH, and whom its authenticators name. What else they hold may be secret and is named by its key alone. */
export function takeAuth(take: Take): TakenAuth {
  const type = wordOf(take('auth', 'type'))
  const used = type === undefined ? 'FirstUseAuthenticator' : className(type)
  const signsUp = ['FirstUseAuthenticator.create_users', 'NativeAuthenticator.open_signup'].filter((trait) =>
    isOn(take('auth', ...trait.split('.'))),
  )
  const rest = take('auth')
  const signIn = takeSignIn(used, isRecord(rest) ? rest : {})
  const classes = isRecord(rest) ? Object.entries(signIn.rest) : wordsOf(rest).map((word) => [word, ''] as const)
  const inForce = new Set(['Authenticator', 'LocalAuthenticator', used])
  const taken = classes.map(([key, traits]) => takeClass(key, traits, inForce.has(key)))
  const all = (of: keyof NamedPeople) => taken.flatMap(({people}) => people[of])
  return {
    people: {admins: all('admins'), allowed: all('allowed'), banned: all('banned')},
    keys: signIn.auth ?? {},
    notes: [
      ...howTheySignIn(type ?? '', signIn.auth),
      ...signsUp.map((trait) => `auth.${trait} is left out: nobody signs up here, you add people.`),
      ...signIn.notes,
      ...taken.flatMap(({notes}) => notes),
    ],
  }
}

function howTheySignIn(type: string, auth: Keys | undefined): readonly string[] {
  if (auth === undefined)
    return [
      `auth.type ${type} is left out: everybody gets a password, made by \`jhub up\`; \`jhub cards\` prints them.`,
    ]
  if (Object.keys(auth).length > 0) return []
  return [
    'Passwords cannot be imported, because TLJH keeps only their hashes: `jhub up` makes new ones and shows them once.',
  ]
}

/** The spec's `auth` for the class in use, and what of the configuration it did not need. */
function takeSignIn(used: string, configuration: Keys) {
  const {take, look, rest} = takeKeys(configuration)
  const places = [used, ...commonAuthenticators]
  const placeOf = (trait: string) => places.find((place) => wordOf(look(place, trait)) !== undefined) ?? used
  const notes: string[] = []
  const auth = readSignIn(used, {
    look: (trait) => valueOf(look(placeOf(trait), trait)),
    take: (trait) => valueOf(take(placeOf(trait), trait)),
    note: (trait, sentence) => notes.push(`auth.${used}.${trait} ${sentence}`),
  })
  return {auth, notes, rest: rest()}
}

/** What TLJH takes for "not set" is none. */
function valueOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? value : wordOf(value)
}

const peopleTraits: Readonly<Record<string, keyof NamedPeople>> = {
  admin_users: 'admins',
  allowed_users: 'allowed',
  whitelist: 'allowed',
  username_whitelist: 'allowed',
  blocked_users: 'banned',
  blacklist: 'banned',
}

function takeClass(key: string, traits: unknown, isInForce: boolean): Omit<TakenAuth, 'keys'> {
  const entries = isRecord(traits) ? Object.entries(traits) : []
  const named = entries.flatMap(([trait, value]) => {
    const kind = peopleTraits[trait]
    return kind === undefined ? [] : [{kind, path: `auth.${key}.${trait}`, names: wordsOf(value)}]
  })
  const others = Object.fromEntries(entries.filter(([trait]) => !(trait in peopleTraits)))
  const of = (kind: keyof NamedPeople) =>
    named.flatMap((each) => (each.kind === kind && (isInForce || kind === 'banned') ? each.names : []))
  const isNothing = key === '' || (isRecord(traits) && Object.keys(others).length === 0)
  const inner = isRecord(traits) ? ` (${pathsOf(others).join(', ')})` : ''
  return {
    people: {admins: of('admins'), allowed: of('allowed'), banned: of('banned')},
    notes: [
      ...named
        .filter(({kind, names}) => names.length > 0 && kind !== 'banned')
        .map(({path, names}) =>
          isInForce
            ? `${path} (${names.join(', ')}) is imported.`
            : `${path} (${names.join(', ')}) is left out: TLJH does not use that class. \`jhub user add\` adds them.`,
        ),
      ...(isNothing ? [] : [`auth.${key}${inner} does not exist here: left out.`]),
    ],
  }
}
