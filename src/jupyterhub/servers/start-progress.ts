import {fetchHub} from '../requests/hub-request.js'
import type {TrustedAnswer} from '../tls/fetch-trusted.js'
import type {HubConnection} from '../hub-connection.js'

/** What the hub says of a server that starts. */
export interface ProgressEvent {
  readonly ready?: boolean
  readonly failed?: boolean
  readonly message?: string
  /** What the platform said, where `message` only quotes that. */
  readonly raw_event?: unknown
}

/**
 * What the hub tells of a start, until that ends or breaks off, for whatever reason, and no longer than `longestMs`: a stream
 * that is cut on the way may be silent for ever. Throws only when `signal` is aborted.
 */
export async function* readProgress(
  connection: HubConnection,
  name: string,
  longestMs: number,
  signal?: AbortSignal,
): AsyncGenerator<ProgressEvent, void> {
  const until = AbortSignal.any([AbortSignal.timeout(longestMs), ...(signal === undefined ? [] : [signal])])
  const path = `/users/${encodeURIComponent(name)}/server/progress`
  try {
    const response = await fetchHub(connection, path, {accept: 'text/event-stream'}, until)
    if (response.ok) yield* readEvents(response)
  } catch {
    signal?.throwIfAborted()
  }
}

/** Server-sent events, as JupyterHub sends them: one JSON object behind each `data:`. */
async function* readEvents(response: TrustedAnswer): AsyncGenerator<ProgressEvent> {
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
