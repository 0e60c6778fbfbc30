import {messageOf} from '../errors.js'
import type {Clock} from '../host/clock.js'
import type {Browser, Page} from './browser.js'
import {kernelAt, type Kernel} from './kernel.js'
import type {Notebook} from './notebook.js'

/** What a person does, in order. */
export const stages = ['login', 'server', 'first cell', 'notebook'] as const
export type Stage = (typeof stages)[number]

/** What became of one person. Moments are milliseconds since the first one arrived. */
export interface Visit {
  readonly name: string
  readonly arrivedMs: number
  /** When a stage was over; a stage that is not there was not reached, or not measured. */
  readonly done: Readonly<Partial<Record<Stage, number>>>
  /** How long it took, in milliseconds. */
  readonly took: Readonly<Partial<Record<Stage, number>>>
  /** Why it ended early. */
  readonly failure?: {readonly stage: Stage; readonly cause: string}
}

export interface Visitor {
  readonly name: string
  readonly browser: Browser
  /** For the login form; absent: the browser has a token, and no login is measured. */
  readonly password?: string
}

export interface VisitOptions {
  readonly notebook: Notebook
  readonly clock: Clock
  /** When the first one arrived, by the clock. */
  readonly beganMs: number
  readonly signal: AbortSignal
  /** Settles when everybody is done: the kernel stays until then. */
  readonly stay: Promise<unknown>
  readonly onDone: () => void
}

/** How long a person waits for one stage before they give up. The hub itself gives a server up after 300 s. */
const patienceMs: Readonly<Record<Stage, number>> = {
  login: 60_000,
  server: 330_000,
  'first cell': 180_000,
  notebook: 1_800_000,
}

/** Goes the way of one person, from the login page to the last cell, and stays until everybody is done. Throws nothing but the abort. */
export async function visit(visitor: Visitor, options: VisitOptions): Promise<Visit> {
  const {clock, beganMs, signal, notebook} = options
  const since = () => clock.elapsed() - beganMs
  const arrivedMs = since()
  const [done, took]: [Partial<Record<Stage, number>>, Partial<Record<Stage, number>>] = [{}, {}]
  let stage: Stage = 'login'
  let kernel: Kernel | undefined
  const measure = async <T>(name: Stage, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    stage = name
    const from = since()
    const result = await withPatience(work, patienceMs[name], signal)
    done[name] = since()
    took[name] = done[name] - from
    return result
  }
  try {
    const {password} = visitor
    if (password !== undefined) await measure('login', (until) => logIn(visitor, password, until))
    await measure('server', (until) => startServer(visitor, until))
    const begin = since()
    kernel = await measure('first cell', (until) => runFirst(visitor, notebook, until))
    await measure('notebook', (until) => runRest(kernel, notebook, until))
    took.notebook = since() - begin
    options.onDone()
    await options.stay
    return {name: visitor.name, arrivedMs, done, took}
  } catch (error) {
    signal.throwIfAborted()
    options.onDone()
    return {name: visitor.name, arrivedMs, done, took, failure: {stage, cause: messageOf(error)}}
  } finally {
    kernel?.close()
  }
}

async function withPatience<T>(
  work: (signal: AbortSignal) => Promise<T>,
  patience: number,
  signal: AbortSignal,
): Promise<T> {
  const timeout = AbortSignal.timeout(patience)
  try {
    return await work(AbortSignal.any([signal, timeout]))
  } catch (error) {
    if (timeout.aborted) throw new Error(`no answer within ${String(patience / 1000)} s`, {cause: error})
    throw error
  }
}

async function logIn({name, browser}: Visitor, password: string, signal: AbortSignal): Promise<void> {
  const form = requirePage(await browser.get('hub/login', signal), 'the login page')
  const next = form.url.pathname.replace(/login$/, 'home')
  const page = await browser.submit(`hub/login?next=${encodeURIComponent(next)}`, {username: name, password}, signal)
  if (page.url.pathname === next && page.status === 200) return
  throw new Error(`the hub did not let them in: ${wordsOf(page)}`)
}

/** Asks for the server as the button on the hub's home page does, hears how it goes, and opens JupyterLab. */
async function startServer({name, browser}: Visitor, signal: AbortSignal): Promise<void> {
  const user = encodeURIComponent(name)
  const asked = await browser.call(`hub/api/users/${user}/server`, {method: 'POST'}, signal)
  if (asked.status >= 400) throw new Error(wordsOf(asked))
  while (!(await isReady(browser, user, signal))) signal.throwIfAborted()
  requirePage(await browser.get(`user/${user}/lab`, signal), 'JupyterLab')
}

interface ProgressEvent {
  readonly ready?: boolean
  readonly failed?: boolean
  readonly message?: string
}

/** Throws what the hub says of a failed start. False: the stream was cut, and is opened anew. */
async function isReady(browser: Browser, user: string, signal: AbortSignal): Promise<boolean> {
  const last = {message: 'nothing'}
  for await (const event of browser.events(`hub/api/users/${user}/server/progress`, signal)) {
    const {ready, failed, message} = event as ProgressEvent
    last.message = message ?? last.message
    if (failed === true) throw new Error(`the server did not start: ${last.message}`)
    if (ready === true) return true
  }
  const seen = await browser.call(`hub/api/users/${user}`, {method: 'GET'}, signal)
  const {servers} = JSON.parse(seen.text) as {servers?: Readonly<Record<string, {ready: boolean}>>}
  if (servers?.[''] === undefined) throw new Error(`the server did not start. The hub last said: ${last.message}`)
  return servers[''].ready
}

/** Puts the notebook into the home, opens it with a kernel as JupyterLab does, and runs the first cell. */
async function runFirst({name, browser}: Visitor, notebook: Notebook, signal: AbortSignal): Promise<Kernel> {
  const api = `user/${encodeURIComponent(name)}/api`
  const file = 'rehearsal.ipynb'
  const written = await browser.call(
    `${api}/contents/${file}`,
    {method: 'PUT', body: {type: 'notebook', format: 'json', content: documentOf(notebook)}},
    signal,
  )
  if (written.status >= 400) throw new Error(`the notebook could not be saved: ${wordsOf(written)}`)
  const kernel = notebook.kernel === undefined ? {} : {name: notebook.kernel}
  const session = await browser.call(
    `${api}/sessions`,
    {method: 'POST', body: {path: file, name: file, type: 'notebook', kernel}},
    signal,
  )
  if (session.status !== 201) throw new Error(`no kernel: ${wordsOf(session)}`)
  const {id} = (JSON.parse(session.text) as {kernel: {id: string}}).kernel
  const opened = kernelAt(await browser.socket(`${api}/kernels/${encodeURIComponent(id)}/channels`, signal))
  try {
    await opened.run(notebook.cells[0] ?? '', signal)
    return opened
  } catch (error) {
    opened.close()
    throw error
  }
}

async function runRest(kernel: Kernel | undefined, {cells}: Notebook, signal: AbortSignal): Promise<void> {
  for (const cell of cells.slice(1)) await kernel?.run(cell, signal)
}

function documentOf({cells, kernel}: Notebook): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: kernel === undefined ? {} : {kernelspec: {name: kernel, display_name: kernel}},
    cells: cells.map((source, index) => ({
      cell_type: 'code',
      id: `cell-${String(index)}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  }
}

function requirePage(page: Page, what: string): Page {
  if (page.status === 200) return page
  throw new Error(`${what} answered ${wordsOf(page)}`)
}

/** What a page or an answer of an API says went wrong, in one line: with its status. */
export function wordsOf({status, text}: Pick<Page, 'status' | 'text'>): string {
  const said = messageOfJson(text) ?? lineOfHtml(text)
  return said === undefined ? String(status) : `${String(status)}, ${said}`
}

function messageOfJson(text: string): string | undefined {
  try {
    const {message} = JSON.parse(text) as {message?: unknown}
    return typeof message === 'string' && message !== '' ? message : undefined
  } catch {
    return undefined
  }
}

/** What the hub's own pages say below their title, else the title. */
function lineOfHtml(text: string): string | undefined {
  const found =
    /class="[^"]*login_error[^"]*"[^>]*>([\s\S]*?)<\/p>/.exec(text)?.[1] ??
    /Error \d{3}, ([^<]+)/.exec(text)?.[1] ??
    /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(text)?.[1]
  const words = found
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words === '' ? undefined : words
}
