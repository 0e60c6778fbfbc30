import path from 'node:path'
import {definedOnly} from '../../defined-only.js'
import {isRehearsalName} from '../../hub-spec/people/rehearsal-names.js'
import type {HubContext} from '../session/hub-context.js'

/** What stays on this computer of a rehearsal that was ended before it had removed everything. */
export interface RehearsalRecord {
  readonly names: readonly string[]
  /** Its process is still there: it removes them itself. */
  readonly isRunning: boolean
}

interface Stored {
  readonly names: readonly string[]
  readonly pid: number
  readonly startTime?: string
}

/** Comes before anybody is made up. */
export async function recordRehearsal(context: HubContext, hubName: string, names: readonly string[]): Promise<void> {
  const {files, processes} = context.host
  const startTime = await processes.startTime(process.pid)
  const stored: Stored = {names, pid: process.pid, ...definedOnly({startTime})}
  await files.write(recordFile(context, hubName), `${JSON.stringify(stored)}\n`, {mode: 0o600})
}

/** When nothing of it is left. */
export async function forgetRehearsal(context: HubContext, hubName: string): Promise<void> {
  await context.host.files.remove(recordFile(context, hubName))
}

/** `undefined`: none was begun from here, or it removed everything. A record that cannot be read names nobody. */
export async function findRehearsal(context: HubContext, hubName: string): Promise<RehearsalRecord | undefined> {
  const {files, processes} = context.host
  const text = await files.read(recordFile(context, hubName))
  if (text === undefined) return undefined
  const stored = read(text)
  if (stored === undefined) return {names: [], isRunning: false}
  const startTime = await processes.startTime(stored.pid)
  return {names: stored.names, isRunning: startTime !== undefined && startTime === stored.startTime}
}

function read(text: string): Stored | undefined {
  try {
    const found = JSON.parse(text) as Partial<Stored> | null
    const {names, pid} = found ?? {}
    return Array.isArray(names) && typeof pid === 'number'
      ? {...found, names: names.map(String).filter(isRehearsalName), pid}
      : undefined
  } catch {
    return undefined
  }
}

function recordFile(context: HubContext, hubName: string): string {
  return path.join(context.directories.state, hubName, 'rehearsal.json')
}
