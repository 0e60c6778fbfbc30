import type {Duplex, Readable, Writable} from 'node:stream'
import {createInterface} from 'node:readline'
import type {Conversation, ConversationListener} from './conversations.js'

export interface ConversationStreams {
  readonly input: Writable
  readonly output: Readable
  readonly complaints: Readable
  /** What keeps this process alive while it is referenced. */
  readonly handles: readonly {ref?(): unknown; unref?(): unknown}[]
}

/** A conversation over three streams. */
export function lineConversation(
  {input, output, complaints, handles}: ConversationStreams,
  {onLine, onEnd}: ConversationListener,
): Conversation {
  let last = ''
  let hasEnded = false
  // What was complained about may come a moment after the end of the answers.
  const endSoon = (otherwise = '') => {
    if (hasEnded) return
    hasEnded = true
    setTimeout(() => onEnd(last.trim() || otherwise), 100)
  }
  complaints.on('data', (chunk: Buffer | string) => {
    last = `${last}${chunk.toString()}`.slice(-4_000)
  })
  createInterface({input: output, crlfDelay: Infinity})
    .on('line', onLine)
    .on('close', () => endSoon())
  for (const stream of [input, output, complaints] as readonly (Readable | Writable | Duplex)[]) {
    stream.on('error', (error: Error) => endSoon(error.message))
  }
  return {
    send: (line) => void input.write(`${line}\n`),
    close: () => void input.end(),
    holdOpen(isAwaited) {
      for (const handle of handles) {
        if (isAwaited) handle.ref?.()
        else handle.unref?.()
      }
    },
  }
}
