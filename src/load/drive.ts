import type {Clock} from '../host/clock.js'
import {openBrowser, type BrowserOptions} from './browser.js'
import type {Notebook} from './notebook.js'
import {arrivals} from './statistics.js'
import {visit, type Visit} from './visit.js'

/** Somebody who is to come, and how they sign in. */
export type Credentials = {readonly name: string} & ({readonly password: string} | {readonly token: string})

export interface Drive {
  readonly people: readonly Credentials[]
  /** Within how many milliseconds all of them arrive, evenly. */
  readonly overMs: number
  readonly notebook: Notebook
  readonly place: Pick<BrowserOptions, 'address' | 'trust'>
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told after each person who is done or has failed. */
  readonly onProgress: (done: number) => void
  /** Awaited while everybody is still there with a kernel. */
  readonly whileAllStay: () => Promise<void>
}

export interface Driven {
  readonly visits: readonly Visit[]
  /** How long the login page took, asked for once a second by somebody else all the while; milliseconds. */
  readonly loginPageMs: readonly number[]
  /** Until the last one was done. */
  readonly lastedMs: number
}

const lookEveryMs = 1_000

/** Has many people come at once; nobody leaves before everybody is done or has failed. Throws when it is aborted. */
export async function drive({people, overMs, notebook, place, clock, signal, ...told}: Drive): Promise<Driven> {
  const beganMs = clock.elapsed()
  const over = new AbortController()
  const {promise: stay, resolve: leave} = Promise.withResolvers<undefined>()
  let [left, lastedMs] = [people.length, 0]
  const onDone = () => {
    left -= 1
    told.onProgress(people.length - left)
    if (left > 0) return
    lastedMs = clock.elapsed() - beganMs
    void told.whileAllStay().finally(() => {
      leave(undefined)
    })
  }
  const moments = arrivals(people.length, overMs)
  const come = async (who: Credentials, index: number): Promise<Visit> => {
    await clock.sleep(Math.max(1, (moments[index] ?? 0) - (clock.elapsed() - beganMs)), signal)
    const browser = openBrowser({...place, ...('token' in who ? {token: who.token} : {})})
    const visitor = {name: who.name, browser, ...('password' in who ? {password: who.password} : {})}
    try {
      return await visit(visitor, {notebook, clock, beganMs, signal, stay, onDone})
    } finally {
      await browser.close()
    }
  }
  const watching = watchLoginPage(place, clock, AbortSignal.any([signal, over.signal]))
  try {
    const visits = await Promise.all(people.map(come))
    over.abort()
    return {visits, loginPageMs: await watching, lastedMs}
  } finally {
    over.abort()
  }
}

/** How long the login page took each time, until it is aborted; a page that does not come at all took the whole minute. */
async function watchLoginPage(place: Drive['place'], clock: Clock, signal: AbortSignal): Promise<readonly number[]> {
  const took: number[] = []
  const mostMs = 60_000
  const isOver = () => signal.aborted
  while (!isOver()) {
    const browser = openBrowser(place)
    const from = clock.elapsed()
    try {
      const page = await browser.get('hub/login', AbortSignal.any([signal, AbortSignal.timeout(mostMs)]))
      took.push(page.status === 200 ? clock.elapsed() - from : mostMs)
    } catch {
      if (!isOver()) took.push(mostMs)
    } finally {
      await browser.close()
    }
    await clock.sleep(lookEveryMs, signal).catch(() => undefined)
  }
  return took
}
