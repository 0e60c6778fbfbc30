import {statSync, type BigIntStats} from 'node:fs'
import {readFile, rm, writeFile} from 'node:fs/promises'
import type {DatabaseSync} from 'node:sqlite'
import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import type {Clock} from '../clock.js'
import {describeHolder, type LockHolder, type LockOptions, type Locks} from './locks.js'

/**
 * Locks by an exclusive transaction on an empty SQLite file, with a note beside it that says who holds it. Both are removed
 * when the work ends.
 */
export function realLocks(clock: Clock): Locks {
  return {
    async hold(path, options, action) {
      const database = await acquire(path, options, clock)
      const note = noteOf(path)
      try {
        const holder: LockHolder = {purpose: options.purpose, pid: process.pid, sinceMs: clock.now()}
        // It only tells others who works: a full disk keeps nobody from making room.
        await writeFile(note, JSON.stringify(holder)).catch(() => undefined)
        return await action()
      } finally {
        await rm(note, {force: true})
        await rm(path, {force: true})
        database.close()
      }
    },
  }
}

async function acquire(path: string, options: LockOptions, clock: Clock): Promise<DatabaseSync> {
  const open = await loadSqlite()
  const started = clock.elapsed()
  let isTold = false
  for (;;) {
    options.signal.throwIfAborted()
    const taken = take(path, open)
    if (taken === 'gone') continue
    if (taken !== 'held') return taken
    const holder = await readHolder(noteOf(path))
    if (clock.elapsed() - started >= options.timeoutMs) {
      throw new JhubError('JHUB-E401', `${describeHolder(holder)} is still working on this hub`, {
        fix: 'Wait for it to finish, or allow more time with --lock-timeout 10m',
        details: {holder},
      })
    }
    if (!isTold) options.onWait(holder)
    isTold = true
    await clock.sleep(200, options.signal)
  }
}

type Open = (path: string) => DatabaseSync

/** Loads SQLite without the remark of Node 22 that it is new. */
async function loadSqlite(): Promise<Open> {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    const {DatabaseSync} = await import('node:sqlite')
    return (path) => new DatabaseSync(path, {timeout: 0})
  } finally {
    process.emitWarning = emitWarning
  }
}

/**
 * The lock; `held`: somebody has it. `gone`: the holder before removed the file while we opened it, so a lock on it would
 * keep nobody out.
 */
function take(path: string, open: Open): DatabaseSync | 'held' | 'gone' {
  const before = facts(path)
  const database = openFile(path, open)
  try {
    // Nothing is ever written, so nothing needs a journal beside the file.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (sqliteCode(error) === sqlite.busy) return 'held'
    throw asJhubError(path, error)
  }
  const after = facts(path)
  if (before !== undefined && before.ino === after?.ino && before.birthtimeNs === after.birthtimeNs) return database
  database.close()
  return 'gone'
}

function openFile(path: string, open: Open): DatabaseSync {
  try {
    return open(path)
  } catch (error) {
    throw asJhubError(path, error)
  }
}

function facts(path: string): BigIntStats | undefined {
  try {
    return statSync(path, {bigint: true, throwIfNoEntry: false})
  } catch (error) {
    throw asJhubError(path, error)
  }
}

function noteOf(path: string): string {
  return `${path}.holder`
}

/** A note may be missing or half written for a moment, or be that of a process that was killed: then the holder is unknown. */
async function readHolder(file: string): Promise<LockHolder> {
  try {
    const {purpose, pid, sinceMs} = JSON.parse(await readFile(file, 'utf8')) as LockHolder
    if (pid !== undefined && isRunning(pid)) return {purpose, pid, ...definedOnly({sinceMs})}
  } catch {
    // Told below.
  }
  return {purpose: 'another jhub'}
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is another account's.
    return codeOf(error) === 'EPERM'
  }
}

/** Primary result codes of SQLite. */
const sqlite = {busy: 5, readOnly: 8, cannotOpen: 14, notADatabase: 26}

function asJhubError(path: string, error: unknown): unknown {
  const directory = path.slice(0, path.lastIndexOf('/'))
  switch (sqliteCode(error) ?? codeOf(error)) {
    case sqlite.readOnly:
    case sqlite.cannotOpen:
    case 'EACCES':
      return new JhubError('JHUB-E202', `This account cannot write to ${directory}`, {
        cause: error,
        fix: `ls -ld ${directory}   # who owns it? JHUB_STATE_DIR sets another directory`,
      })
    case sqlite.notADatabase:
      return new JhubError('JHUB-E203', `${path} is not a lock file of jhub: somebody wrote to it`, {
        cause: error,
        fix: `rm ${path}   # then run the same command again`,
      })
    default:
      return error
  }
}

function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
