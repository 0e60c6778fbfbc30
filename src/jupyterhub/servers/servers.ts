import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import {realClock} from '../../host/real-clock.js'
import {waitUntil} from '../../steps/wait-until.js'
import type {HubServer, HubUser} from '../hub-model.js'
import type {HubConnection} from '../hub-connection.js'
import {hubMessage, type Send} from '../requests/hub-request.js'
import {readProgress, type ProgressEvent} from './start-progress.js'

/** What keeps a server from coming up, as the place says where it runs. */
export interface StartTrouble {
  readonly what: string
  readonly fix: readonly string[]
  /** Waiting does not help. */
  readonly isFinal: boolean
}

export interface StartOptions {
  readonly onProgress?: (line: string) => void
  /** An event of the platform in a person's words; `undefined` for one that says nothing to a person. */
  readonly inWords?: (event: unknown) => Promise<string | undefined>
  /** Looks where the server runs, every few seconds; `undefined` while nothing is wrong there. */
  readonly trouble?: (server: HubServer) => Promise<StartTrouble | undefined>
  /** The hub gives up by itself, sooner or later as it was told. Default: half an hour. */
  readonly timeoutMs?: number
  /** How long a hub that does not answer is waited for. Default: two minutes. */
  readonly silentMs?: number
}

/** A stream is opened anew after this long; where there is more to look at than the stream, after the shorter time. */
const silentStreamMs = 60_000
const lookEveryMs = 3_000

interface Starting {
  readonly connection: HubConnection
  readonly send: Send
  /** Gives the answer of the hub as it is now: a start has its own patience. */
  readonly findUser: (name: string) => Promise<HubUser | undefined>
  readonly name: string
  readonly signal?: AbortSignal
}

/**
 * Starts a server and waits as long as the hub does. What the hub tells meanwhile is passed on; where that breaks off, or the
 * hub restarts, the hub is asked how the server is. Throws `JHUB-E208` with the hub's reason, `JHUB-E501` when time is up.
 */
export async function startServer(starting: Starting, options: StartOptions = {}): Promise<void> {
  const {connection, name, signal} = starting
  const {timeoutMs = 1_800_000, silentMs = 120_000} = options
  const streamMs = options.trouble === undefined ? silentStreamMs : lookEveryMs
  let isEarlier = await leaveEarlier(starting, options)
  if ((await askToStart(starting)) === 'running') return
  const told = new Set<string>()
  const tell = (line: string) => {
    if (told.has(line)) return
    told.add(line)
    options.onProgress?.(line)
  }
  let last = 'the hub was asked to start it'
  let heardAt = realClock.elapsed()
  const heed = async (server: HubServer) => {
    const found = await options.trouble?.(server)
    if (found === undefined) return
    if (found.isFinal) {
      if (!isEarlier) throw failedStart(name, found.what, found.fix)
      isEarlier = false
      await endEarlier(starting, options)
      await askToStart(starting)
      return
    }
    last = found.what
    tell(`Waiting: ${last}`)
  }
  const follow = async (): Promise<boolean> => {
    for await (const event of readProgress(connection, name, streamMs, signal)) {
      heardAt = realClock.elapsed()
      if (isReady(name, event)) return true
      const line = await lineOf(event, options)
      if (line === undefined) continue
      last = line
      tell(last)
    }
    return false
  }
  await waitUntil(
    async () => {
      if (await follow()) return {ready: true}
      const seen = await look(starting)
      if (seen.state === 'ready') return {ready: true}
      if (seen.state === 'gone') throw failedStart(name, `the hub no longer starts it. It last said: ${last}`)
      if (seen.state === 'starting') {
        heardAt = realClock.elapsed()
        await heed(seen.server)
        return {notYet: last}
      }
      if (realClock.elapsed() - heardAt >= silentMs) throw seen.because
      tell('The hub does not answer; waiting for it to come back.')
      return {notYet: `${last}; the hub does not answer`}
    },
    {
      what: `the server of ${name} to start`,
      deadlineMs: timeoutMs,
      intervalMs: 500,
      clock: realClock,
      fix: `jhub logs --user ${name}`,
      ...definedOnly({signal}),
    },
  )
}

/** Whether an earlier start goes on that may yet come to something; one that hangs is ended. */
async function leaveEarlier(starting: Starting, options: StartOptions): Promise<boolean> {
  if (options.trouble === undefined) return false
  const seen = await look(starting)
  if (seen.state !== 'starting') return false
  if ((await options.trouble(seen.server))?.isFinal !== true) return true
  await endEarlier(starting, options)
  return false
}

/** The new start is not told what was wrong with the one before. */
async function endEarlier(starting: Starting, {onProgress}: StartOptions): Promise<void> {
  onProgress?.('An earlier start of this server hangs. It is ended first.')
  await stopServer({...starting, ...definedOnly({onWait: onProgress})})
}

/** Throws `JHUB-E208` where the hub refuses, `JHUB-E302` where nobody has that name. */
async function askToStart({send, name}: Starting): Promise<'running' | 'starting'> {
  const path = `/users/${encodeURIComponent(name)}/server`
  try {
    const {status, body} = await send(path, {
      method: 'POST',
      // Without a body the hub takes what the person chose last; an older one takes an empty object for a choice of nothing.
      answers: [400, 404, 429, 500],
      timeoutMs: 60_000,
    })
    if (status === 404)
      throw new JhubError('JHUB-E302', `The hub has no user ${name}`, {
        fix: [`jhub user add ${name}`, 'jhub user list'],
      })
    if (status === 429) throw failedStart(name, hubMessage(body))
    return status === 400 && /already running/i.test(hubMessage(body)) ? 'running' : 'starting'
  } catch (error) {
    // It may have taken the request all the same.
    if (error instanceof JhubError && error.code === 'JHUB-E501') return 'starting'
    throw error
  }
}

function isReady(name: string, event: ProgressEvent): boolean {
  if (event.failed === true) throw failedStart(name, event.message ?? 'no reason given')
  return event.ready === true
}

/** What is told of an event; `undefined`: nothing. */
async function lineOf(
  {message, raw_event: event}: ProgressEvent,
  {inWords}: StartOptions,
): Promise<string | undefined> {
  return event === undefined || inWords === undefined ? message : inWords(event)
}

type Seen =
  | {readonly state: 'ready'}
  | {readonly state: 'starting'; readonly server: HubServer}
  | {readonly state: 'gone'}
  | {readonly state: 'unknown'; readonly because: JhubError}

/** How a server is, as the hub says when it is asked; `unknown` while it does not answer. */
async function look({findUser, name}: Starting): Promise<Seen> {
  try {
    const server = (await findUser(name))?.server
    if (server === undefined) return {state: 'gone'}
    return server.ready ? {state: 'ready'} : {state: 'starting', server}
  } catch (error) {
    const isSilent = error instanceof JhubError && ['JHUB-E204', 'JHUB-E501'].includes(error.code)
    if (isSilent) return {state: 'unknown', because: error}
    throw error
  }
}

interface Stopping {
  readonly send: Send
  readonly findUser: (name: string) => Promise<HubUser | undefined>
  readonly name: string
  readonly signal?: AbortSignal
  readonly onWait?: (text: string) => void
}

/** After so long a person is told what is waited for. */
const slowMs = 5_000

export async function stopServer({send, findUser, name, signal, onWait}: Stopping): Promise<void> {
  const ask = async (): Promise<string | undefined> => {
    const options = {method: 'DELETE', answers: [400, 404, 500], timeoutMs: 120_000} as const
    const {status, body} = await send(`/users/${encodeURIComponent(name)}/server`, options)
    if (status === 404) throw new JhubError('JHUB-E302', `The hub has no user ${name}`, {fix: 'jhub user list'})
    return status < 400 ? undefined : hubMessage(body)
  }
  let refusal = await ask()
  const waiting = setTimeout(() => onWait?.(`Waiting for the server of ${name} to stop`), slowMs)
  try {
    await waitUntil(
      async () => {
        const user = await findUser(name)
        if (user?.server === undefined) return {ready: true}
        const notYet = refusal ?? user.server.pending ?? 'still running'
        // While a start hangs, the hub only breaks it off: it takes the stop when asked again.
        if (refusal !== undefined) refusal = await ask()
        return {notYet}
      },
      {
        what: `the server of ${name} to stop`,
        deadlineMs: 60_000,
        intervalMs: 100,
        clock: realClock,
        ...definedOnly({signal}),
      },
    )
  } finally {
    clearTimeout(waiting)
  }
}

function failedStart(name: string, reason: string, fix: readonly string[] = []): JhubError {
  return new JhubError('JHUB-E208', `The server of ${name} could not be started: ${reason}`, {
    fix: [...fix, `jhub logs --user ${name}`, 'jhub logs'],
  })
}
