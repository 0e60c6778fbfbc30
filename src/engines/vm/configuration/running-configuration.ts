import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import type {Machine} from '../machines/machine.js'
import type {HubConfiguration} from '../services/services.js'

type Place = Pick<Machine, 'files' | 'layout'>

/** The configuration that last came up. */
export interface RunningConfiguration extends HubConfiguration {
  /** As in `Configuration`; absent where an older jhub wrote the record. */
  readonly shipped?: string
}

/** `undefined` when there is none, or it is no longer there. */
export async function readRunningConfiguration({files, layout}: Place): Promise<RunningConfiguration | undefined> {
  const text = await files.read(recordFile(layout))
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as RunningConfiguration
    return (await files.stat(value.directory)) === undefined ? undefined : value
  } catch {
    return undefined
  }
}

export async function writeRunningConfiguration(
  {files, layout}: Place,
  {directory, hubFingerprint, hubPython, shipped}: RunningConfiguration,
): Promise<void> {
  const record: RunningConfiguration = {
    directory,
    hubFingerprint,
    hubPython,
    ...definedOnly({shipped}),
  }
  await files.write(recordFile(layout), `${JSON.stringify(record)}\n`, {mode: 0o600})
}

export async function forgetRunningConfiguration({files, layout}: Place): Promise<void> {
  await files.remove(recordFile(layout))
}

/** Where the programs stand that a hub and the servers that it starts are run from. */
export interface RunningEnvironments {
  readonly hub: string
  readonly user: string
  /** As in `RunningConfiguration`. */
  readonly shipped?: string
}

/** Of the configuration that last came up. */
export async function readRunningEnvironments(machine: Place): Promise<RunningEnvironments | undefined> {
  const running = await readRunningConfiguration(machine)
  const settings = running === undefined ? undefined : await machine.files.read(settingsFile(running))
  if (running === undefined || settings === undefined) return undefined
  const user = userEnvironmentIn(settings)
  if (user === undefined) return undefined
  const {shipped} = running
  return {hub: hubEnvironmentOf(running), user, ...definedOnly({shipped})}
}

/**
 * The port that the running hub's settings name: servers that run were told it, and know no other. `undefined` where none came
 * up, or an older jhub's did, whose servers came by another way.
 */
export async function runningHubPort(place: Place): Promise<number | undefined> {
  const running = await readRunningConfiguration(place)
  const text = running === undefined ? undefined : await place.files.read(settingsFile(running))
  try {
    const {hubSocket, hubUrl} = JSON.parse(text ?? '') as {readonly hubSocket?: unknown; readonly hubUrl?: unknown}
    const port = Number(new URL(String(hubUrl)).port)
    return typeof hubSocket === 'string' && port > 0 ? port : undefined
  } catch {
    return undefined
  }
}

/** Nothing in settings that were damaged. */
function userEnvironmentIn(settings: string): string | undefined {
  try {
    const {userEnvironment} = JSON.parse(settings) as {readonly userEnvironment?: unknown}
    return typeof userEnvironment === 'string' ? userEnvironment : undefined
  } catch {
    return undefined
  }
}

/** The environment to which a hub's Python belongs. */
export function hubEnvironmentOf({hubPython}: Pick<HubConfiguration, 'hubPython'>): string {
  return path.posix.dirname(path.posix.dirname(hubPython))
}

function settingsFile({directory}: Pick<RunningConfiguration, 'directory'>): string {
  return `${directory}/settings.json`
}

function recordFile(layout: Place['layout']): string {
  return `${layout.run}/configuration.json`
}
