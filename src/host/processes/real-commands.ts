import {spawn} from 'node:child_process'
import {appendFile, mkdir, open, writeFile} from 'node:fs/promises'
import {constants} from 'node:os'
import path from 'node:path'
import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import {specificProxies} from '../network/proxies.js'
import type {CommandOptions, CommandResult, Commands, DetachedOptions} from './commands.js'
import {memoryAdvice} from './ended-by-kernel.js'
import type {Conversation, ConversationListener} from './conversations.js'
import {lastLines} from './last-lines.js'
import {lineConversation} from './line-conversation.js'
import {pipePrograms} from './pipe-programs.js'

const tenMinutesMs = 600_000

/** Programs of this machine, by execa. */
export const realCommands: Commands = {run, startDetached, pipe: pipePrograms, converse}

async function run(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const {execa} = await import('execa')
  const [program = '', ...rest] = argv
  if (options.logFile !== undefined) await mkdir(path.dirname(options.logFile), {recursive: true, mode: 0o700})
  const child = execa(program, rest, {
    reject: false,
    input: options.stdin ?? '',
    timeout: options.timeoutMs ?? tenMinutesMs,
    env: {...specificProxies(process.env), ...options.env},
    ...definedOnly({cwd: options.cwd, cancelSignal: options.signal}),
    all: true,
  })
  void endFirst(child.pid)
  if (options.onLine !== undefined || options.logFile !== undefined) {
    for await (const line of child.iterable({from: 'all'})) {
      options.onLine?.(line)
      if (options.logFile !== undefined) await appendFile(options.logFile, `${line}\n`)
    }
  }
  const result = await child
  if (result.isCanceled) options.signal?.throwIfAborted()
  if (result.timedOut) {
    throw new JhubError('JHUB-E501', `\`${result.escapedCommand}\` did not end in time`, {
      cause: new Error(lastLines(result.all)),
    })
  }
  const exitCode = result.exitCode ?? endedBy(result.signal)
  if (exitCode === undefined || !(options.okExitCodes ?? [0]).includes(exitCode)) {
    throw new JhubError(
      'JHUB-E201',
      exitCode === undefined
        ? `\`${result.escapedCommand}\` could not be run: ${result.originalMessage ?? 'it did not start'}`
        : `\`${result.escapedCommand}\` ended with exit code ${String(exitCode)}`,
      {
        cause: new Error(lastLines(result.all)),
        details: {exitCode, output: lastLines(result.all, 400)},
        ...definedOnly({fix: memoryAdvice(exitCode)}),
      },
    )
  }
  return {stdout: result.stdout, stderr: result.stderr, exitCode}
}

/** When memory runs out, Linux ends what jhub runs here, and not the hub or somebody's server (proc_pid_oom_score_adj(5)). */
async function endFirst(pid: number | undefined): Promise<void> {
  if (process.platform === 'linux' && pid !== undefined)
    await writeFile(`/proc/${String(pid)}/oom_score_adj`, '500').catch(() => undefined)
}

/** The exit code that a shell gives a program which a signal ended: 137 for one that the kernel ended. */
function endedBy(signal: NodeJS.Signals | undefined): number | undefined {
  return signal === undefined ? undefined : 128 + constants.signals[signal]
}

async function startDetached(argv: readonly string[], options: DetachedOptions): Promise<number> {
  const [program = '', ...rest] = argv
  const log = await open(options.logFile, 'a', 0o600)
  try {
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => {
        resolve(child.pid ?? 0)
      })
    })
    child.unref()
    return pid
  } catch (error) {
    throw new JhubError('JHUB-E201', `${program} could not be started`, {cause: error})
  } finally {
    await log.close()
  }
}

function converse(argv: readonly string[], listener: ConversationListener): Conversation {
  const [program = '', ...rest] = argv
  // In a group of its own: Ctrl-C is for us, and we tell the program what to do about it.
  const child = spawn(program, rest, {stdio: ['pipe', 'pipe', 'pipe'], detached: true})
  const {stdin, stdout, stderr} = child
  child.on('error', (error) => stdout.destroy(error))
  const handles = [child, stdin, stdout, stderr] as unknown as readonly {ref?(): unknown; unref?(): unknown}[]
  return lineConversation({input: stdin, output: stdout, complaints: stderr, handles}, listener)
}
