import path from 'node:path'
import {JhubError, messageOf} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import type {Change, Step, StepContext} from '../../../steps/step.js'
import type {Configuration} from '../configuration/configuration.js'
import type {HubDatabase} from '../services/database/hub-database.js'
import {hubStarter, type HubStarter} from '../services/hub-starter.js'
import {lastLines} from '../services/last-lines.js'
import type {Machine} from '../machines/machine.js'
import {
  forgetRunningConfiguration,
  hubEnvironmentOf,
  readRunningConfiguration,
  writeRunningConfiguration,
  type RunningConfiguration,
} from '../configuration/running-configuration.js'
import {hubService, hubServiceFingerprint, type HubConfiguration} from '../services/services.js'

export interface HubOptions {
  readonly machine: Machine
  readonly clock: Clock
  readonly wanted: () => Promise<Configuration | undefined>
  readonly database: HubDatabase
  /** What the wanted programs of the hub are called, before its configuration is known too. */
  readonly programs: () => Promise<string>
  /** Whether an earlier step of this run stopped the hub of before, which then has to run again when the new one does not. */
  readonly wasStoppedForIt: () => boolean
}

/**
 * The hub itself. Users' servers run on while it restarts. When the new one does not come up, the one that ran before is
 * started again with its old configuration, and the new one's last words are told. Other programs than those that last used
 * the hub's database are given it after a copy, in their own schema; when they do not come up, it is put back as it was.
 */
export function ensureHub(hub: HubOptions): Step {
  const {machine, clock, database} = hub
  const {supervisor} = machine
  const starter = hubStarter(machine, clock)
  let started = false

  return {
    title: 'Start the hub',
    check: () => findDifference(hub, starter),
    async apply(context) {
      const {signal} = context
      const {configuration, hub: now, proxy, before} = await readHub(hub)
      if (configuration === undefined || proxy.state === 'stopped')
        throw new JhubError('JHUB-E001', 'The hub was asked for before its proxy')
      const {hubPython: python} = configuration
      const programs = programsOf(configuration)
      const service = hubService(machine, configuration, proxy.generation)
      const record = async () => {
        await writeRunningConfiguration(machine, configuration)
        await database.settle(programs)
      }
      const isRunning = now.state === 'running'
      const isAsWanted = isRunning && now.fingerprint === service.fingerprint && (await supervisor.isInstalled(service))
      if (isAsWanted) context.report('waiting for it to answer')
      const hadComeUp = isRunning && (isAsWanted ? await starter.comesUp(signal) : await starter.answers())
      if (hadComeUp && isAsWanted) return record()
      started = !isRunning && !hub.wasStoppedForIt()
      try {
        await supervisor.stop('hub', signal)
        await database.recover({hadComeUp, python})
        await prepareDatabase(hub, {before, programs, python}, context)
        await starter.startAndWait(service, signal)
        await record()
      } catch (error) {
        const lastWords = (await lastLines(machine, 'hub', 20)).join('\n')
        await supervisor.stop('hub')
        const restored = await restore(hub, starter, {before, proxyGeneration: proxy.generation, python})
        if (signal.aborted) throw error
        throw notComeUp(error, restored, lastWords)
      }
    },
    async undo() {
      if (!started) return
      await supervisor.stop('hub')
      await forgetRunningConfiguration(machine)
    },
  }
}

async function readHub({machine, wanted}: HubOptions) {
  const [configuration, hub, proxy, before] = await Promise.all([
    wanted(),
    machine.supervisor.status('hub'),
    machine.supervisor.status('proxy'),
    readRunningConfiguration(machine),
  ])
  return {configuration, hub, proxy, before}
}

async function findDifference(options: HubOptions, starter: HubStarter): Promise<Change | undefined> {
  const {machine, database} = options
  const [{configuration, hub, proxy, before}, isUnsettled] = await Promise.all([
    readHub(options),
    database.isUnsettled(),
  ])
  if (
    configuration !== undefined &&
    hub.state === 'running' &&
    proxy.state === 'running' &&
    hub.fingerprint === hubServiceFingerprint(configuration, proxy.generation)
  ) {
    if (!(await machine.supervisor.isInstalled(hubService(machine, configuration, proxy.generation))))
      return {summary: 'repair how JupyterHub is started', disturbs: 'hub restarts (servers keep running)'}
    if (!(await starter.answers())) return {summary: 'wait for JupyterHub to answer', disturbs: 'live'}
    const isRecorded =
      before?.hubFingerprint === configuration.hubFingerprint && before.shipped === configuration.shipped
    return isRecorded && !isUnsettled ? undefined : {summary: 'record that JupyterHub came up', disturbs: 'live'}
  }
  const isKnown = configuration !== undefined || before !== undefined
  const isOther = isKnown && (await areOthers(database, before, await options.programs()))
  const afterCopy = isOther ? ', with other versions, after a copy of its database' : ''
  return hub.state === 'stopped'
    ? {summary: `start JupyterHub${afterCopy}`, disturbs: 'live'}
    : {
        summary: `restart JupyterHub with its new configuration${afterCopy}`,
        disturbs: 'hub restarts (servers keep running)',
      }
}

/** Copies the database and upgrades it to the schema of other programs than those that last used it. */
async function prepareDatabase(
  {database}: HubOptions,
  {before, programs, python}: {before: HubConfiguration | undefined; programs: string; python: string},
  context: StepContext,
): Promise<void> {
  if (!(await areOthers(database, before, programs))) return
  const copy = await database.prepare({programs, python, signal: context.signal})
  if (copy !== undefined) context.note(`Before its software changed, the hub's accounts were copied to ${copy}.`)
}

/** Starts the hub of before again, with its database. Gives what came of it, to be added to why the new one failed. */
async function restore(
  {machine, database}: HubOptions,
  starter: HubStarter,
  {
    before,
    proxyGeneration,
    python,
  }: {before: RunningConfiguration | undefined; proxyGeneration: string; python: string},
): Promise<string> {
  try {
    const isBack = await database.takeBack(python)
    const withDatabase = isBack ? ', and with its database as it was' : ''
    if (before === undefined) return isBack ? '. The database is as it was' : ''
    await writeRunningConfiguration(machine, before)
    await starter.startAndWait(hubService(machine, before, proxyGeneration))
    return `. The hub runs again with its previous configuration${withDatabase}`
  } catch (error) {
    return `. The previous configuration does not come up either: ${messageOf(error)}`
  }
}

/** The programs of a hub, as their environment is called: it changes with every version in it. */
function programsOf(configuration: HubConfiguration): string {
  return path.posix.basename(hubEnvironmentOf(configuration))
}

/** Whether a different version last used the database. Older hubs did not record this, so fall back to the last running configuration. */
async function areOthers(database: HubDatabase, before: HubConfiguration | undefined, next: string): Promise<boolean> {
  const last = (await database.programs()) ?? (before === undefined ? undefined : programsOf(before))
  return last !== next
}

function notComeUp(error: unknown, restored: string, lastWords: string): JhubError {
  if (error instanceof JhubError && error.code === 'JHUB-E217')
    return new JhubError(error.code, `${error.message}${restored}`, {cause: error.cause, fix: error.suggestions})
  return new JhubError('JHUB-E206', `The hub did not come up: ${messageOf(error)}${restored}`, {
    cause: new Error(lastWords),
    fix: ['jhub logs', 'jhub doctor'],
  })
}
