import type {HubAddresses} from '../../jupyterhub/hub-addresses.js'
import {usableUrl} from '../../jupyterhub/hub-addresses.js'
import {JhubError} from '../../errors.js'
import {contentLink} from '../../hub-spec/content-spec.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import type {HubContext} from './hub-context.js'
import {openHub, type OpenHub} from './open-hub.js'
import {warnOfOldCards} from './people/printed-cards.js'
import {definedOnly} from '../../defined-only.js'

export interface FoundUrl {
  /** For this computer. */
  readonly url: string
  readonly addresses: HubAddresses
  /** Where the hub is reached only through us: settles when that ends, at Ctrl-C. */
  readonly closed?: Promise<void>
}

/** Where the running hub is reached. Throws `JHUB-E204` when it is not running. */
export async function findUrl(context: HubContext): Promise<FoundUrl> {
  const hub = await openHub(context)
  await hub.requireApi()
  const {addresses} = await hub.engine.platform.status(hub.spec)
  const forward = await hub.engine.forward?.(hub.spec, context.signal)
  const url = requireWay(forward?.url ?? usableUrl(addresses))
  return {url, addresses, ...definedOnly({closed: forward?.closed})}
}

export interface AdminLink {
  /** For this computer; it lets the admin in once. */
  readonly url: string
  readonly name: string
}

/**
 * A link that lets an admin of the spec in once, whatever the method is by which people sign in. Throws `JHUB-E204` when the hub
 * is not running, `JHUB-E302` for whoever is no admin, `JHUB-E100` where there are several and none is named.
 */
export async function findAdminLink(context: HubContext, asked: string | undefined): Promise<AdminLink> {
  const hub = await openHub(context)
  const admins = [...hub.spec.users].flatMap(([name, {admin}]) => (admin ? [name] : []))
  const [first] = admins
  const name = asked === undefined ? first : normaliseUserName(asked)
  if (name === undefined || !admins.includes(name))
    throw new JhubError(
      'JHUB-E302',
      name === undefined ? 'The settings file has no admin' : `${name} is not an admin in the settings file`,
      {
        fix: name === undefined ? 'jhub user add NAME --admin' : `jhub user set ${name} --admin`,
      },
    )
  if (asked === undefined && admins.length > 1)
    throw new JhubError('JHUB-E100', `There are several admins: ${admins.join(', ')}`, {
      fix: admins.map((each) => `jhub open --admin --as ${each}`),
    })
  const api = await hub.requireApi()
  const {addresses} = await hub.engine.platform.status(hub.spec)
  const url = requireWay(usableUrl(addresses))
  return {url: `${url.replace(/\/$/, '')}${await api.makeOnceLink(name)}`, name}
}

/**
 * The link with which people get the repository of the course, at the address for other people, or for this computer where there
 * is no other. Throws `JHUB-E100` where the spec names none, `JHUB-E204` when the hub is not running.
 */
export async function findContentLink(context: HubContext): Promise<FoundUrl> {
  const hub = await openHub(context)
  const {content} = hub.spec
  if (content === undefined)
    throw new JhubError('JHUB-E100', 'The settings file names no course repository', {
      fix: ['jhub config edit   # add `content: {git: https://github.com/my-team/course}`', 'jhub up'],
    })
  await hub.requireApi()
  const {addresses} = await hub.engine.platform.status(hub.spec)
  const url = requireWay(addresses.others[0] ?? addresses.here)
  return {url: contentLink(content, url), addresses}
}

/** Throws `JHUB-E204` where there is no address at which this computer reaches the hub. */
export function requireWay(url: string | null): string {
  if (url !== null) return url
  throw new JhubError('JHUB-E204', 'The hub cannot be reached from here', {fix: 'jhub status'})
}

/** Where other people open the running hub; warns of cards that show another address. Throws as `addressForOthers` does. */
export async function findRoomUrl(context: HubContext): Promise<FoundUrl> {
  const hub = await openHub(context)
  const found = await addressForOthers(hub)
  await warnOfOldCards(context, hub.spec)
  return found
}

/** Where other people open the running hub. Throws `JHUB-E204` when it is not running, or only this computer can open it. */
export async function addressForOthers(hub: OpenHub): Promise<FoundUrl> {
  await hub.requireApi()
  const {addresses} = await hub.engine.platform.status(hub.spec)
  const [url] = addresses.others
  if (url !== undefined) return {url, addresses}
  throw addresses.isOpen
    ? new JhubError('JHUB-E204', 'This computer is not on a network, so nobody else can open the hub', {
        fix: 'Connect it to the network of the room; then: jhub open --qr',
      })
    : new JhubError('JHUB-E204', 'Only this computer can open the hub, so a QR code would not work for anybody else', {
        fix: 'jhub up --lan   # for people in the room',
      })
}
