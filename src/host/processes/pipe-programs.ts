import type {Writable} from 'node:stream'
import {JhubError} from '../../errors.js'
import {stallLimit} from '../stall-limit.js'
import type {PipeOptions} from './commands.js'
import {lastLines} from './last-lines.js'

const tenMinutesMs = 600_000
/** How a program ends, and what it says, when nobody reads what it writes: what is unread then is reset (unix(7)). */
const exitOfBrokenPipe = 141
const wordsOfBrokenPipe = /broken pipe|connection reset by peer|EPIPE|ECONNRESET/i

/** Programs side by side: the system feeds each with what the one before it says, and no byte comes through this process. */
export async function pipePrograms(
  programs: readonly (readonly string[])[],
  {onLine, signal, stallMs = tenMinutesMs}: PipeOptions = {},
): Promise<void> {
  const {execa} = await import('execa')
  const limit = stallLimit(stallMs, signal)
  const start = ([program = '', ...words]: readonly string[], isFirst: boolean, next?: Writable) =>
    execa(program, words, {
      reject: false,
      cancelSignal: limit.signal,
      stdin: isFirst ? 'ignore' : 'pipe',
      ...(next === undefined ? {} : {stdout: next}),
      all: true,
    })
  const running: ReturnType<typeof start>[] = []
  for (const [index, argv] of [...programs.entries()].reverse()) {
    const next = running[0]?.stdin ?? undefined
    running.unshift(start(argv, index === 0, next))
    // The program that was started has its end of this now: ours would keep it from ever being closed.
    next?.destroy()
  }
  const ended = await Promise.all(
    running.map(async (child) => {
      for await (const line of child.iterable({from: 'all'})) {
        limit.heard()
        onLine?.(line)
      }
      return await child
    }),
  )
  limit.end()
  signal?.throwIfAborted()
  if (limit.signal.aborted)
    throw new JhubError('JHUB-E501', `\`${ended.at(-1)?.escapedCommand ?? ''}\` did not end in time`, {
      cause: limit.signal.reason,
    })
  const bad = ended.filter(({exitCode}) => exitCode !== 0)
  // Whom one fed that ended too early fails for that alone.
  const reason =
    bad.find(
      ({exitCode, signal: by, all = ''}) =>
        exitCode !== exitOfBrokenPipe && by !== 'SIGPIPE' && !wordsOfBrokenPipe.test(all),
    ) ?? bad[0]
  if (reason !== undefined)
    throw new JhubError('JHUB-E201', `\`${reason.escapedCommand}\` ended badly`, {
      cause: new Error(lastLines(reason.all) || reason.originalMessage),
    })
}
