import {setTimeout as delay} from 'node:timers/promises'
import {JhubError} from '../errors.js'
import {waitUntil} from '../steps/wait-until.js'
import {hopelessStart} from './hopeless-start.js'
import type {HubUser} from './hub-api.js'
import type {DoorAnswer} from './fetch-door.js'
import type {HubConnection} from './hub-connection.js'
import {fetchHub, hubMessage, type Send} from './hub-request.js'

export interface StartOptions {
  readonly onProgress?: (line: string) => void
  /** Default: three minutes. */
  readonly timeoutMs?: number
}

interface Starting {
  readonly connection: HubConnection
  readonly send: Send
  readonly name: string
  readonly signal?: AbortSignal
}

const clock = {
  now: () => Date.now(),
  sleep: (durationMs: number, signal?: AbortSignal) =>
    delay(durationMs, undefined, signal === undefined ? {} : {signal}),
}

export async function startServer(
  {connection, send, name, signal}: Starting,
  options: StartOptions = {},
): Promise<void> {
  const {timeoutMs = 180_000} = options
  const path = `/users/${encodeURIComponent(name)}/server`
  const {status, body} = await send(path, {method: 'POST', body: {}, answers: [400, 404, 429, 500], timeoutMs})
  if (status === 404)
    throw new JhubError('JHUB-E302', `The hub has no user ${name}`, {fix: [`jhub user add ${name}`, 'jhub up']})
  if (status === 429) throw failedStart(name, hubMessage(body))
  if (status === 400 && /already running/i.test(hubMessage(body))) return
  const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])])
  const response = await fetchHub(connection, `${path}/progress`, {accept: 'text/event-stream'}, deadline)
  for await (const event of readEvents(response)) {
    if (event.failed === true) throw failedStart(name, event.message ?? 'no reason given')
    if (event.ready === true) return
    if (event.message === undefined || event.message === '') continue
    options.onProgress?.(event.message)
    const hopeless = hopelessStart(event.message)
    if (hopeless !== undefined) throw failedStart(name, hopeless)
  }
  throw failedStart(name, 'the hub stopped telling how it goes')
}

export async function stopServer(
  send: Send,
  findUser: (name: string) => Promise<HubUser | undefined>,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const ask = async (): Promise<string | undefined> => {
    const options = {method: 'DELETE', answers: [400, 404, 500], timeoutMs: 120_000} as const
    const {status, body} = await send(`/users/${encodeURIComponent(name)}/server`, options)
    if (status === 404) throw new JhubError('JHUB-E302', `The hub has no user ${name}`, {fix: 'jhub user list'})
    return status < 400 ? undefined : hubMessage(body)
  }
  let refusal = await ask()
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
      clock,
      ...(signal === undefined ? {} : {signal}),
    },
  )
}

interface ProgressEvent {
  readonly ready?: boolean
  readonly failed?: boolean
  readonly message?: string
}

/** Server-sent events, as JupyterHub sends them: one JSON object behind each `data:`. */
async function* readEvents(response: DoorAnswer): AsyncGenerator<ProgressEvent> {
  let buffered = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    buffered += decoder.decode(chunk, {stream: true})
    const lines = buffered.split('\n')
    buffered = lines.pop() ?? ''
    for (const line of lines)
      if (line.startsWith('data:')) yield JSON.parse(line.slice('data:'.length)) as ProgressEvent
  }
}

function failedStart(name: string, reason: string): JhubError {
  return new JhubError('JHUB-E208', `The server of ${name} could not be started: ${reason}`, {
    fix: [`jhub logs --user ${name}`, 'jhub logs'],
  })
}
