import {readFile, rm, writeFile} from 'node:fs/promises'
import {JhubError} from '../errors.js'
import type {Clock} from './clock.js'
import type {LockHolder, LockOptions, Locks} from './locks.js'

/** How long a holder may be silent before it counts as gone; it says every second that it is there. */
const silentMs = 4_000

/** Locks by directories (proper-lockfile), with a note beside them that says who holds them. */
export function realLocks(clock: Clock): Locks {
  return {
    async hold(path, options, action) {
      const loss = new AbortController()
      const release = await acquire(path, options, clock, (cause) => {
        loss.abort(takenOver(cause))
      })
      const note = `${path}.holder`
      try {
        await writeFile(note, JSON.stringify({purpose: options.purpose, pid: process.pid}))
        loss.signal.throwIfAborted()
        return await Promise.race([untilLost(loss.signal), action()])
      } finally {
        // What was taken over is the other's to give back.
        if (!loss.signal.aborted) {
          await rm(note, {force: true})
          await release()
        }
      }
    },
  }
}

function untilLost(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as JhubError)
    })
  })
}

async function acquire(
  path: string,
  options: LockOptions,
  clock: Clock,
  onCompromised: (cause: Error) => void,
): Promise<() => Promise<void>> {
  const {lock} = await import('proper-lockfile')
  const started = clock.now()
  let isTold = false
  for (;;) {
    options.signal.throwIfAborted()
    try {
      return await lock(path, {realpath: false, lockfilePath: path, stale: silentMs, update: 1_000, onCompromised})
    } catch (error) {
      if (codeOf(error) === 'EACCES' || codeOf(error) === 'EROFS') throw notWritable(path, error)
      if (codeOf(error) !== 'ELOCKED') throw error
    }
    const holder = await readHolder(`${path}.holder`)
    if (clock.now() - started >= options.timeoutMs) {
      throw new JhubError('JHUB-E401', `${describe(holder)} is working on this hub and has not finished`, {
        fix: 'Wait for it, or give more time with --lock-timeout 10m',
        details: {holder},
      })
    }
    if (!isTold) options.onWait(holder)
    isTold = true
    await clock.sleep(200, options.signal)
  }
}

/** The note may be missing or half written for a moment: then the holder is unknown. */
async function readHolder(file: string): Promise<LockHolder> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<LockHolder>
    return {purpose: String(value.purpose), pid: value.pid}
  } catch {
    return {purpose: 'another jhub', pid: undefined}
  }
}

function describe({purpose, pid}: LockHolder): string {
  return pid === undefined ? purpose : `\`${purpose}\` (process ${String(pid)})`
}

function takenOver(cause: Error): JhubError {
  return new JhubError('JHUB-E401', 'Another jhub took this hub over: this one was silent, as a computer asleep is', {
    cause,
    fix: 'Run the same command again; it goes on from what it finds.',
  })
}

function notWritable(path: string, cause: unknown): JhubError {
  const directory = path.slice(0, path.lastIndexOf('/'))
  return new JhubError('JHUB-E202', `This account may not write in ${directory}`, {
    cause,
    fix: `ls -ld ${directory}   # whose is it? JHUB_STATE_DIR names another place`,
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
