import {messageOf} from '../../src/errors.js'
import {openBrowser} from '../e2e/browser.js'
import type {RealJhub} from '../e2e/real-jhub.js'

/** What the campaign asks of where a hub stands. */
export interface PlaceOfHubs {
  /** The text of a file in a home, read from the platform. */
  readHome(jhub: RealJhub, account: string, file: string): Promise<string>
  /** The address of the hub from here, where `up` names none. */
  openHub?(jhub: RealJhub): Promise<string>
}

/** A real hub with people and a file in a home: what no damage and no kill may cost. */
export interface StandingHub {
  readonly jhub: RealJhub
  readonly url: string
  /** By person, as they were issued when the hub was made. */
  readonly passwords: Record<string, string>
  /** What is in the diary in somebody's home now, read from the platform and not through the hub. */
  diary(): Promise<string>
}

interface UpAnswer {
  readonly url: string
  readonly passwords: Readonly<Record<string, string>>
}

/** What every standing hub has in one home. */
export const diary = 'dear diary'

/** Makes a hub with `admin`, `ana` and `ben`, and a diary in ana's home. */
export async function raiseHub(place: PlaceOfHubs, jhub: RealJhub): Promise<StandingHub> {
  const passwords = await addEverybody(jhub, jhub)
  const {url: named} = await jhub.json<UpAnswer>('up')
  const url = place.openHub === undefined ? named : await place.openHub(jhub)
  const hub = {jhub, url, passwords, diary: () => place.readHome(jhub, 'ana', 'diary.txt')}
  // One that stood already has it, and a kernel takes minutes where a machine is emulated.
  if ((await hub.diary().catch(() => '')) !== diary) await writeDiary(hub)
  return hub
}

async function writeDiary({jhub, url, passwords}: StandingHub): Promise<void> {
  await jhub.json('server', 'start', 'ana')
  const browser = openBrowser(url)
  await browser.login('ana', passwords['ana'] ?? '')
  await browser.runCode('ana', `open("diary.txt", "w").write("${diary}")`)
}

/** A hub with its people, made by the product that `typed` types to; gives the passwords that were issued. */
export async function addEverybody({port}: RealJhub, typed: Pick<RealJhub, 'json'>): Promise<Record<string, string>> {
  const {passwords} = await typed.json<UpAnswer>('up', '--port', String(port))
  const spare = await typed.json<{users: readonly {name: string; password?: string}[]}>('user', 'add', 'ana', 'ben')
  const added = spare.users.flatMap(({name, password}) => (password === undefined ? [] : [[name, password] as const]))
  const known: Record<string, string> = {...passwords, ...Object.fromEntries(added)}
  // Of a hub that stood already nobody knows the passwords.
  for (const name of ['admin', 'ana', 'ben'].filter((each) => known[each] === undefined))
    known[name] = (await typed.json<{password: string}>('user', 'password', name, '--keep-server')).password
  return known
}

/** What of people and homes is not as it was, one sentence each; none when all is whole. */
export async function losses(hub: StandingHub): Promise<readonly string[]> {
  const entered = await Promise.all(
    Object.entries(hub.passwords).map(async ([name, password]) => {
      const isIn = await openBrowser(hub.url)
        .login(name, password)
        .catch((error: unknown) => messageOf(error))
      return isIn === true ? [] : [`${name} cannot log in${typeof isIn === 'string' ? ` (${isIn})` : ''}`]
    }),
  )
  const text = await hub.diary().catch((error: unknown) => messageOf(error))
  return [...entered.flat(), ...(text === diary ? [] : [`the diary says ${text.slice(0, 200)}`])]
}

/** What `plan` would still change; none when the hub is as its spec says. */
export async function planned(jhub: RealJhub): Promise<readonly string[]> {
  const {changes} = await jhub.json<{changes: readonly {summary: string}[]}>('plan')
  return changes.map(({summary}) => summary)
}

/** What `doctor` calls a problem. */
export async function problems(jhub: RealJhub): Promise<readonly string[]> {
  const {stdout} = await jhub.run('doctor', '--json')
  const {findings = []} = JSON.parse(stdout) as {
    findings?: readonly {check: string; state: string; found: string}[]
  }
  return findings.filter(({state}) => state === 'problem').map(({check, found}) => `${check}: ${found}`)
}
