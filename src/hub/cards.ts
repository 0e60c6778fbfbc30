import {JhubError} from '../errors.js'
import type {HubSpec, UserSpec} from '../hub-spec/hub-spec.js'
import type {PasswordsChecked} from '../jupyterhub/people/check-passwords.js'
import {claimHub} from './session/ownership/claim-hub.js'
import {addressForOthers} from './session/find-url.js'
import type {HubContext} from './session/hub-context.js'
import {forgetPasswords, generatedPasswords} from './session/people/generated-passwords.js'
import {givePasswords} from './session/people/give-passwords.js'
import {membersOf} from './session/people/members-of.js'
import {notePrinted, warnOfOldCards} from './session/people/printed-cards.js'
import {requireUser} from './session/people/require-user.js'
import {openHub} from './session/open-hub.js'
import {withLock} from './session/with-lock.js'

export interface CardsOptions {
  /** Only these people. */
  readonly names?: readonly string[]
  /** Only members of this group; without it and names, everybody but admins. */
  readonly group?: string
  /** Where people open the hub; without it, its address for the room. */
  readonly address?: string
  /** Whether people whose password jhub made and does not know any more get a new one. */
  readonly mayRenew: (logins: readonly string[]) => Promise<boolean>
}

export interface Card {
  readonly login: string
  readonly name: string
  readonly groups: readonly string[]
  /** `null` where the person chose it, or it is not known here. */
  readonly password: string | null
  /** `chosen` by the person, or given by the operator; `lost`: made by jhub elsewhere, and not known here. */
  readonly state: 'known' | 'chosen' | 'lost'
  /** Opens the login page with the login filled in. */
  readonly loginUrl: string
}

export interface CardsResult {
  readonly title: string
  readonly wifi: string | null
  readonly address: string
  readonly cards: readonly Card[]
}

const nobodys: PasswordsChecked = {right: new Set(), made: new Set()}

/**
 * A card for each person, by what the hub says of their password now. Throws `JHUB-E204` while the hub does not run, or no
 * address is known, `JHUB-E210` where the hub cannot say which passwords hold, `JHUB-E302` for a group or a person that
 * is not there, and for a group that nobody is in.
 */
export async function cards(context: HubContext, options: CardsOptions): Promise<CardsResult> {
  const address = options.address ?? (await addressForOthers(await openHub(context))).url
  return withLock(context, async () => {
    const hub = await openHub(context)
    const api = await hub.requireApi()
    const people = choosePeople(hub.spec, options)
    const havePasswords = hub.spec.auth.method === 'password'
    const kept = havePasswords ? await generatedPasswords(context, hub.spec.name) : new Map<string, string>()
    const checked = havePasswords ? await api.checkPasswords(kept) : nobodys
    if (checked === undefined)
      throw new JhubError('JHUB-E210', 'An older jhub made this hub, so it cannot say which passwords are valid', {
        fix: 'jhub upgrade',
      })
    const {right, made} = checked
    if (havePasswords) await forgetPasswords(context, hub.spec.name, (login) => right.has(login))
    const known = new Map([...kept].filter(([login]) => right.has(login)))
    const lost = people.map(([login]) => login).filter((login) => made.has(login) && !known.has(login))
    if (lost.length > 0 && (await options.mayRenew(lost))) {
      await claimHub(context, hub)
      for (const [login, password] of await givePasswords(context, hub.spec.name, api, lost)) known.set(login, password)
    }
    const logins = people.map(([login]) => login)
    await notePrinted(context, hub.spec, {logins, address})
    const others = new Map([...hub.spec.users].filter(([login]) => !logins.includes(login)))
    await warnOfOldCards(context, {name: hub.spec.name, users: others})
    return {
      title: hub.spec.workshop.title ?? hub.spec.name,
      wifi: hub.spec.workshop.wifi ?? null,
      address,
      cards: people.map(([login, user]) =>
        toCard(login, user, {address, password: known.get(login), isMade: made.has(login)}),
      ),
    }
  })
}

function choosePeople(
  spec: HubSpec,
  {names, group}: Pick<CardsOptions, 'names' | 'group'>,
): readonly (readonly [string, UserSpec])[] {
  if (names !== undefined)
    return [...new Map(names.map((each) => requireUser(spec, each)).map(({name, user}) => [name, user]))]
  if (group === undefined) {
    const people = [...spec.users].filter(([, {admin}]) => !admin)
    if (people.length > 0) return people
    throw new JhubError('JHUB-E302', 'Only admins are on the hub', {fix: 'jhub user import participants.csv'})
  }
  return membersOf(spec, group)
}

function toCard(
  login: string,
  {name, groups}: UserSpec,
  {
    address,
    password,
    isMade,
  }: {readonly address: string; readonly password: string | undefined; readonly isMade: boolean},
): Card {
  const loginUrl = new URL('hub/login', address.endsWith('/') ? address : `${address}/`)
  loginUrl.searchParams.set('username', login)
  return {
    login,
    name: name ?? login,
    groups,
    password: password ?? null,
    state: password === undefined ? (isMade ? 'lost' : 'chosen') : 'known',
    loginUrl: loginUrl.href,
  }
}
