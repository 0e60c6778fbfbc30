import {spawn} from 'node:child_process'
import {createHash, X509Certificate} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {Readable, Writable} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'
import {findBrowser} from '../../src/cli/cards/find-browser.js'
import type {ServedPlace} from './serve.js'

const deadlineMs = 480_000

/** A real browser that somebody uses: what is not to be seen on its page cannot be clicked. */
export interface Chromium {
  goTo(url: string): Promise<void>
  /** Puts the cursor into a field and types. */
  type(selector: string, text: string): Promise<void>
  /** Presses the mouse where an element is shown, once nothing covers it. */
  click(selector: string): Promise<void>
  /** Waits until an address is shown that matches; gives it. */
  arriveAt(address: RegExp): Promise<string>
  /** What a person reads on the page. */
  text(): Promise<string>
  close(): Promise<void>
}

/** Why no real browser can be used here; `undefined` when one can. */
export async function whyNoChromium(): Promise<string | undefined> {
  if ((await findBrowser()) !== undefined) return undefined
  const why = 'none of Chromium, Chrome and Edge is installed here'
  console.error(`SKIPPED: signing in with a real browser: ${why}`)
  return why
}

/** It finds this computer and `trusted`, whose certificate it takes, and nothing on the internet. */
export async function openChromium(trusted: Omit<ServedPlace, 'key'>): Promise<Chromium> {
  const program = await findBrowser()
  if (program === undefined) throw new Error('there is no browser here: ask whyNoChromium first')
  const profile = await mkdtemp(path.join(tmpdir(), 'jhub-chromium-'))
  const key = new X509Certificate(trusted.certificate).publicKey.export({type: 'spki', format: 'der'})
  const browser = spawn(
    program,
    [
      ...['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--no-proxy-server'],
      ...['--disable-background-networking', '--remote-debugging-pipe', `--user-data-dir=${profile}`],
      `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE ${trusted.address}`,
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
      // It sees pages of the tests alone, and many a computer for tests has no room for its sandbox.
      '--no-sandbox',
    ],
    {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']},
  )
  const send = protocol(browser.stdio[3] as Writable, browser.stdio[4] as Readable)
  const ended = once(browser, 'exit')
  const close = async () => {
    browser.kill()
    await ended
    await rm(profile, {recursive: true, force: true, maxRetries: 5, retryDelay: 200})
  }
  try {
    const {targetId} = await send<{targetId: string}>('Target.createTarget', {url: 'about:blank'})
    const {sessionId} = await send<{sessionId: string}>('Target.attachToTarget', {targetId, flatten: true})
    return {...onePage((method, parameters) => send(method, parameters, sessionId)), close}
  } catch (error) {
    await close()
    throw error
  }
}

type Send = <T>(method: string, parameters?: object, sessionId?: string) => Promise<T>

interface Reply {
  readonly id?: number
  readonly result?: unknown
  readonly error?: {readonly message: string}
}

/** The DevTools protocol on a pair of pipes: JSON messages, each ended by a zero byte. */
function protocol(to: Writable, from: Readable): Send {
  const waiting = new Map<number, (reply: Reply) => void>()
  let begun = ''
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const [...messages] = `${begun}${chunk}`.split('\0')
    begun = messages.pop() ?? ''
    for (const message of messages) {
      const reply = JSON.parse(message) as Reply
      if (reply.id !== undefined) waiting.get(reply.id)?.(reply)
    }
  })
  let last = 0
  return async <T>(method: string, parameters: object = {}, sessionId?: string) => {
    const id = ++last
    const answered = new Promise<Reply>((resolve) => waiting.set(id, resolve))
    to.write(`${JSON.stringify({id, method, params: parameters, sessionId})}\0`)
    const late = delay(deadlineMs, {error: {message: `no answer within ${String(deadlineMs / 1000)} s`}}, {ref: false})
    const reply: Reply = await Promise.race([answered, late])
    waiting.delete(id)
    if (reply.error !== undefined) throw new Error(`Chromium, ${method}: ${reply.error.message}`)
    return reply.result as T
  }
}

/** The middle of an element that can be seen and that nothing covers, once its page is whole; else `null`. */
const middleOf = (selector: string) => `(() => {
  const element = document.querySelector(${JSON.stringify(selector)})
  if (!element || document.readyState !== 'complete') return null
  element.scrollIntoView({block: 'center', behavior: 'instant'})
  const {left, top, width, height} = element.getBoundingClientRect()
  const [x, y] = [left + width / 2, top + height / 2]
  return element.contains(document.elementFromPoint(x, y)) ? {x, y} : null
})()`

function onePage(send: Send): Omit<Chromium, 'close'> {
  /** While a page gives way to the next, there is nobody to answer. */
  const evaluate = async <T>(expression: string): Promise<T | undefined> => {
    const {result} = await send<{result: {value?: T}}>('Runtime.evaluate', {expression, returnByValue: true}).catch(
      () => ({result: {value: undefined}}),
    )
    return result.value
  }
  const text = async () => (await evaluate<string>('document.body.innerText')) ?? ''
  const until = async <T>(what: string, look: () => Promise<T | null | undefined>): Promise<T> => {
    const deadline = Date.now() + deadlineMs
    for (;;) {
      const seen = await look()
      if (seen !== null && seen !== undefined) return seen
      const at = await evaluate<string>('location.href')
      if (Date.now() > deadline) throw new Error(`no ${what} at ${at ?? 'no page'}:\n${await text()}`)
      await delay(100)
    }
  }
  const click = async (selector: string) => {
    const place = await until(`${selector} to click`, () => evaluate<{x: number; y: number}>(middleOf(selector)))
    for (const type of ['mousePressed', 'mouseReleased'])
      await send('Input.dispatchMouseEvent', {type, ...place, button: 'left', clickCount: 1})
  }
  return {
    text,
    click,
    async goTo(url) {
      const {errorText} = await send<{errorText?: string}>('Page.navigate', {url})
      if (errorText !== undefined) throw new Error(`Chromium did not open ${url}: ${errorText}`)
    },
    async type(selector, words) {
      await click(selector)
      await send('Input.insertText', {text: words})
    },
    arriveAt: (address) =>
      until(`address like ${String(address)}`, async () => {
        const url = await evaluate<string>("document.readyState === 'complete' ? location.href : ''")
        return url !== undefined && address.test(url) ? url : null
      }),
  }
}
