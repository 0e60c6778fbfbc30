import type {Take} from './take-keys.js'
import {isOn, pathsOf, wordOf, wordsOf} from './tljh-words.js'
import {isRecord} from '../is-record.js'

/** People by name, as a configuration lists them. */
export interface NamedPeople {
  readonly admins: readonly string[]
  readonly allowed: readonly string[]
  readonly banned: readonly string[]
}

export interface TakenAuth {
  readonly people: NamedPeople
  readonly notes: readonly string[]
}

/** How people log in with TLJH, and whom its authenticators name. What else they hold may be secret and is named by its key alone. */
export function takeAuth(take: Take): TakenAuth {
  const type = wordOf(take('auth', 'type'))
  const isPassword = type === undefined || /^(?:firstuse|native)/i.test(type)
  const signsUp = ['FirstUseAuthenticator.create_users', 'NativeAuthenticator.open_signup'].filter((trait) =>
    isOn(take('auth', ...trait.split('.'))),
  )
  const rest = take('auth')
  const classes = isRecord(rest) ? Object.entries(rest) : wordsOf(rest).map((word) => [word, ''] as const)
  const inForce = new Set(['Authenticator', 'LocalAuthenticator', type?.split('.').at(-1) ?? 'FirstUseAuthenticator'])
  const taken = classes.map(([key, traits]) => takeClass(key, traits, inForce.has(key)))
  const all = (of: keyof NamedPeople) => taken.flatMap(({people}) => people[of])
  return {
    people: {admins: all('admins'), allowed: all('allowed'), banned: all('banned')},
    notes: [
      isPassword
        ? 'Passwords cannot be taken over, since TLJH keeps only their hashes: `jhub up` makes new ones and shows them once.'
        : `auth.type ${type} has no counterpart: everybody gets a password, made by \`jhub up\`; \`jhub cards\` prints them.`,
      ...signsUp.map((trait) => `auth.${trait} has no counterpart: nobody signs up, you add people.`),
      ...taken.flatMap(({notes}) => notes),
    ],
  }
}

const peopleTraits: Readonly<Record<string, keyof NamedPeople>> = {
  admin_users: 'admins',
  allowed_users: 'allowed',
  whitelist: 'allowed',
  username_whitelist: 'allowed',
  blocked_users: 'banned',
  blacklist: 'banned',
}

function takeClass(key: string, traits: unknown, isInForce: boolean): TakenAuth {
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
            ? `${path} (${names.join(', ')}) is taken over.`
            : `${path} (${names.join(', ')}) is left out: TLJH does not use that class. \`jhub user add\` adds them.`,
        ),
      ...(isNothing ? [] : [`auth.${key}${inner} has no counterpart: left out.`]),
    ],
  }
}
