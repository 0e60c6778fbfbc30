import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {UserSpec} from '../../hub-spec.js'
import {normaliseUserName} from '../../people/user-name.js'
import {loginFromEmail, loginFromName} from './login-text.js'
import type {PersonRow} from './read-people.js'

/** A person of a list, and who they are on the hub. */
export interface ImportedPerson {
  readonly login: string
  readonly name?: string
  readonly email?: string
  readonly groups: readonly string[]
}

export interface LoginsAssigned {
  readonly people: readonly ImportedPerson[]
  readonly notes: readonly string[]
}

type Known = ReadonlyMap<string, UserSpec>

/**
 * A login for each person, never the same for two. Whom the hub knows by login, or by e-mail address and name, keeps theirs,
 * so that the same list gives the same logins again. A login that was made of an address or a name never falls on an admin
 * or on somebody of another name. Throws `JHUB-E103` when the file gives one login to two people.
 */
export function assignLogins(rows: readonly PersonRow[], known: Known, source: string): LoginsAssigned {
  const {rows: people, notes} = withoutRepeats(rows)
  requireOneEach(people, source)
  const taken = new Set(people.flatMap(({login}) => (login === undefined ? [] : [login])))
  const standing = standingLogins(known, people)
  const found = people.map((row) => row.login ?? standing(row, taken))
  const made = people.map((row, index) => {
    const login = found[index] ?? freeLogin(row, known, taken)
    taken.add(login)
    return toPerson(row, login)
  })
  return {people: made, notes: [...notes, ...sharedAddresses(people), ...sharedNames(people)]}
}

/** A row that says of the same person what a row before it says; its groups count. */
function withoutRepeats(rows: readonly PersonRow[]): {
  readonly rows: readonly PersonRow[]
  readonly notes: readonly string[]
} {
  const first = new Map<string, PersonRow>()
  const notes: string[] = []
  for (const row of rows) {
    const key = JSON.stringify([row.login, row.email, plain(row.name)])
    const before = row.login === undefined && row.email === undefined ? undefined : first.get(key)
    if (before === undefined) {
      first.set(first.has(key) ? `${key}#${String(row.line)}` : key, row)
    } else {
      first.set(key, {...before, groups: [...new Set([...before.groups, ...row.groups])]})
      notes.push(
        `Lines ${String(before.line)} and ${String(row.line)} are one person, ${row.login ?? row.email ?? ''}.`,
      )
    }
  }
  return {rows: [...first.values()], notes}
}

/** Brothers and sisters may have one address; so may one person who is there twice. */
function sharedAddresses(rows: readonly PersonRow[]): readonly string[] {
  return [...Map.groupBy(rows, ({email}) => email)].flatMap(([email, same]) =>
    email === undefined || same.length === 1
      ? []
      : [
          `Lines ${same.map(({line}) => String(line)).join(', ')} have one address, ${email}, and are different people.`,
        ],
  )
}

/** Two people may have one name; a list that has nothing else of them may have one person twice. */
function sharedNames(rows: readonly PersonRow[]): readonly string[] {
  const bare = rows.filter(({login, email}) => login === undefined && email === undefined)
  return [...Map.groupBy(bare, ({name}) => plain(name))].flatMap(([, same]) =>
    same.length === 1
      ? []
      : [
          `Lines ${same.map(({line}) => String(line)).join(', ')} have one name, ${same[0]?.name ?? ''}, and each gets a login. If they are one person, keep one line.`,
        ],
  )
}

function requireOneEach(rows: readonly PersonRow[], source: string): void {
  const twice = [
    ...Map.groupBy(
      rows.filter(({login}) => login !== undefined),
      ({login}) => login,
    ),
  ].filter(([, same]) => same.length > 1)
  if (twice.length === 0) return
  const lines = twice.slice(0, 10).map(([login, same]) => {
    const places = same.map(({line, name}) => `line ${String(line)}${name === undefined ? '' : ` (${name})`}`)
    return `  ${login ?? ''}: ${places.join(', ')}`
  })
  throw new JhubError(
    'JHUB-E103',
    `${source} gives one login to several people. Nothing was changed:\n${lines.join('\n')}`,
    {
      fix: 'Fix these lines, or name another column of the file: --login-column HEADING',
    },
  )
}

/** Finds the login of somebody whom the hub has from an earlier import. */
function standingLogins(
  known: Known,
  rows: readonly PersonRow[],
): (row: PersonRow, taken: Set<string>) => string | undefined {
  const byEmail = Map.groupBy(known, ([, {email}]) => email?.toLowerCase())
  const byName = Map.groupBy(known, ([, {name, email}]) => (email === undefined ? plain(name) : undefined))
  const perEmail = Map.groupBy(rows, ({email}) => email)
  return ({name, email}, taken) => {
    const isFree = ([login]: readonly [string, UserSpec]) => !taken.has(login)
    const ofEmail = (email === undefined ? [] : (byEmail.get(email) ?? [])).filter(isFree)
    const isOnly = ofEmail.length === 1 && perEmail.get(email)?.length === 1
    const match =
      ofEmail.find(([, user]) => plain(user.name) === plain(name)) ??
      (isOnly ? ofEmail[0] : undefined) ??
      (email === undefined && name !== undefined ? byName.get(plain(name))?.find(isFree) : undefined)
    if (match !== undefined) taken.add(match[0])
    return match?.[0]
  }
}

function freeLogin(row: PersonRow, known: Known, taken: ReadonlySet<string>): string {
  const base = baseLogin(row)
  const isFree = (login: string) => !taken.has(login) && isNobodyElse(known.get(login))
  if (isFree(base)) return base
  for (let number = 2; ; number++) {
    const login = `${base}-${String(number)}`
    if (isFree(login)) return login
  }
}

/** Somebody whom only a login is known of may be this person; an admin, or who has a name or an address, is another. */
function isNobodyElse(user: UserSpec | undefined): boolean {
  return user === undefined || (!user.admin && user.name === undefined && user.email === undefined)
}

function baseLogin({email, name, line}: PersonRow): string {
  const made = [email === undefined ? '' : loginFromEmail(email), name === undefined ? '' : loginFromName(name)]
  for (const text of [...made, `person-${String(line)}`]) {
    try {
      return normaliseUserName(text.slice(0, 100))
    } catch (error) {
      if (!(error instanceof JhubError)) throw error
    }
  }
  return `person-${String(line)}`
}

function toPerson({name, email, groups}: PersonRow, login: string): ImportedPerson {
  return {login, ...definedOnly({name, email}), groups}
}

function plain(name: string | undefined): string {
  return (name ?? '').normalize('NFKC').toLowerCase()
}
