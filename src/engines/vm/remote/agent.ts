import {JhubError} from '../../../errors.js'
import {longestTimerMs} from '../../../host/longest-timer.js'
import type {Conversation, ConversationListener} from '../../../host/processes/conversations.js'

export interface AskOptions {
  /** How long the machine may take for it. Default: ten minutes. */
  readonly atMostMs?: number
  readonly signal?: AbortSignal
  readonly onLine?: (line: string) => void
}

/** A machine that is not this one, asked through `assets/vm/jhub_agent.py`, which is sent there and written nowhere. */
export interface Agent {
  /** False for a machine that is not made yet or does not run. */
  isThere(): Promise<boolean>
  /** Throws `AgentRefusal` with the system's own code, `JHUB-E215` when the machine cannot be asked or does not answer. */
  ask(verb: string, request?: Readonly<Record<string, unknown>>, options?: AskOptions): Promise<unknown>
  /** Unpacks a gzipped tar in place of a directory. */
  unpack(path: string, archive: Buffer): Promise<void>
}

/** What a system call answered there: `ENOENT`, `ENOSPC`, `TIMEOUT`. */
export class AgentRefusal extends Error {
  override readonly name = 'AgentRefusal'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export interface AgentOptions {
  /** For people: `the machine jhub-workshop`. */
  readonly where: string
  /** Starts a Python there; `undefined` when the machine is not there. */
  readonly open: (argv: readonly string[], listener: ConversationListener) => Promise<Conversation | undefined>
  /** How long after its own time a request may stay without an answer. Default: a minute. */
  readonly silentMs?: number
  /** The text of `jhub_agent.py`. */
  readonly program: () => Promise<string>
  readonly python?: string
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  readonly onLine: ((line: string) => void) | undefined
}

interface Answer {
  readonly id: number
  readonly line?: string
  readonly value?: unknown
  readonly error?: {readonly code: string; readonly message: string}
}

/** As long as the agent gives a program that names no time of its own. */
const usualMs = 600_000
/** A slow line may bring it. */
const archiveMs = 3_600_000

const bootstrap = 'import sys,base64;exec(base64.b64decode(sys.stdin.readline()).decode())'

/** One conversation, opened when it is first needed and anew when it broke. */
export function agentOver({where, open, program, python = 'python3', silentMs = 60_000}: AgentOptions): Agent {
  const pending = new Map<number, Pending>()
  let talk: Promise<Conversation | undefined> | undefined
  let nextId = 1

  const start = async (): Promise<Conversation | undefined> => {
    const text = await program()
    const conversation = await open([python, '-I', '-u', '-c', bootstrap], {
      onLine: (line) => settle(pending, line, () => conversation?.holdOpen(pending.size > 0)),
      onEnd(complaints) {
        talk = undefined
        const lost = new JhubError('JHUB-E215', `The connection to ${where} was lost`, {
          fix: 'Run the same command again: it continues where it stopped.',
          ...(complaints === '' ? {} : {cause: new Error(complaints)}),
        })
        for (const {reject} of pending.values()) reject(lost)
        pending.clear()
      },
    })
    conversation?.send(Buffer.from(text).toString('base64'))
    conversation?.holdOpen(false)
    return conversation
  }
  const conversation = async () => {
    talk ??= start()
    try {
      const found = await talk
      if (found === undefined) talk = undefined
      return found
    } catch (error) {
      talk = undefined
      throw error
    }
  }

  const ask: Agent['ask'] = async (verb, request = {}, {signal, onLine, atMostMs = usualMs} = {}) => {
    signal?.throwIfAborted()
    const found = await conversation()
    if (found === undefined) throw new JhubError('JHUB-E215', `There is no ${where} to ask`, {fix: 'jhub up'})
    const id = nextId++
    const {promise, resolve, reject} = Promise.withResolvers<unknown>()
    pending.set(id, {resolve, reject, onLine})
    const mostMs = Math.min(atMostMs + silentMs, longestTimerMs)
    const timer = setTimeout(() => {
      pending.delete(id)
      talk = undefined
      found.holdOpen(false)
      found.close()
      reject(
        new JhubError('JHUB-E215', `No answer came from ${where}`, {
          fix: 'jhub doctor   # then run the same command again',
        }),
      )
    }, mostMs)
    const cancel = () => found.send(JSON.stringify({id: nextId++, do: 'cancel', target: id}))
    signal?.addEventListener('abort', cancel, {once: true})
    found.holdOpen(true)
    found.send(JSON.stringify({...request, id, do: verb}))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    }
  }

  return {
    isThere: async () => (await conversation()) !== undefined,
    ask,
    async unpack(path, archive) {
      await ask('unpack', {path, archive: archive.toString('base64')}, {atMostMs: archiveMs})
    },
  }
}

function settle(pending: Map<number, Pending>, line: string, afterwards: () => void): void {
  // What a login shell says before our program speaks is not for us.
  if (!line.startsWith('{"id"')) return
  const answer = JSON.parse(line) as Answer
  const waiting = pending.get(answer.id)
  if (waiting === undefined) return
  if (answer.line !== undefined) {
    waiting.onLine?.(answer.line)
    return
  }
  pending.delete(answer.id)
  if (answer.error === undefined) waiting.resolve(answer.value)
  else waiting.reject(new AgentRefusal(answer.error.code, answer.error.message))
  afterwards()
}
