import {JhubError, messageOf} from '../../errors.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import {runningImages} from '../image/running-images.js'
import {readRunning} from '../limits/limits-show.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {isQuarterDone, settleSome} from '../session/settle-some.js'
import {openStandingHub} from '../session/spec/standing-spec.js'
import {withLock} from '../session/with-lock.js'
import {peopleWithServersOf} from './server-group.js'
import {requireBuilds} from './require-builds.js'
import {withImageOnce} from './with-image-once.js'

export interface ServerChangeResult {
  readonly done: readonly string[]
  /** Who had no server to stop. */
  readonly notRunning?: readonly string[]
}

/** More at once make every one of them slow, and none ready early. */
const mostAtOnce = 5

/**
 * Starts servers, a few at a time, and waits until each is ready; with `image` this time from that one. Throws `JHUB-E208` for
 * one, `JHUB-E601` for some of many.
 */
export async function serverStart(
  context: HubContext,
  names: readonly string[],
  {image}: {readonly image?: string} = {},
): Promise<ServerChangeResult> {
  const hub = await openHub(context)
  await claimHub(context, hub)
  const api = await hub.requireApi()
  await requireBuilds(hub, api, names, image)
  const start = () => forEach(api, names, starter(context, hub), tellDone(context))
  return image === undefined ? start() : withLock(context, () => withImageOnce(hub, {image, names}, start))
}

/** Starts one server, tells what the hub says meanwhile, and on failure what the server said last. */
function starter({onEvent, signal}: HubContext, hub: OpenHub): (api: HubApi, name: string) => Promise<void> {
  const {servers} = hub.engine
  return async (api, name) => {
    try {
      await api.startServer(name, {
        ...(servers.startTrouble === undefined ? {} : {trouble: async (server) => servers.startTrouble?.(server)}),
        ...(servers.startEvent === undefined ? {} : {inWords: async (event) => servers.startEvent?.(event)}),
        onProgress: (line) => {
          onEvent({type: 'note', text: `${name}: ${line}`})
        },
      })
    } catch (error) {
      throw await withLastWords(hub, name, error, signal)
    }
  }
}

function tellDone({onEvent}: HubContext): (done: number, all: number) => void {
  return (done, all) => {
    if (all > mostAtOnce && isQuarterDone(done, all))
      onEvent({type: 'note', text: `${String(done)} of ${String(all)} servers`})
  }
}

/** Whose servers are restarted. */
export type RestartChoice =
  {readonly names: readonly string[]} | {readonly group: string} | {readonly only: 'all' | 'outdated'}

/**
 * Stops servers and starts them again. People who are named are started also when they had none; else only those are that run.
 * `outdated`: whose next server has another image or other limits.
 */
export async function serverRestart(context: HubContext, choice: RestartChoice): Promise<ServerChangeResult> {
  const hub = await openHub(context)
  await claimHub(context, hub)
  const start = starter(context, hub)
  const restart = async (api: HubApi, name: string) => {
    await api.stopServer(name)
    await start(api, name)
  }
  const names = await toRestart(context, hub, choice)
  const api = await hub.requireApi()
  await requireBuilds(hub, api, names)
  return forEach(api, names, restart, tellDone(context))
}

async function toRestart(context: HubContext, hub: OpenHub, choice: RestartChoice): Promise<readonly string[]> {
  if ('names' in choice) return choice.names
  const running = await peopleWithServersOf(context, 'group' in choice ? choice.group : undefined)
  if ('group' in choice || choice.only === 'all') return running
  const [images, limits] = await Promise.all([runningImages(hub), readRunning(hub)])
  const outdated = new Set([
    ...images.filter(({isOutdated}) => isOutdated).map(({user}) => user),
    ...limits.filter((each) => each.differs).map(({name}) => name),
  ])
  return running.filter((name) => outdated.has(name))
}

/** Stops servers and waits until they are gone. */
export async function serverStop(context: HubContext, names: readonly string[]): Promise<ServerChangeResult> {
  const hub = await openStandingHub(context)
  await claimHub(context, hub)
  const api = await hub.requireApi()
  const people = await api.users()
  const idle = new Set(people.filter(({server}) => server === undefined).map(({name}) => name))
  const {done} = await forEach(api, names, (each, name) => each.stopServer(name))
  const notRunning = done.filter((name) => idle.has(name))
  return {done: done.filter((name) => !idle.has(name)), ...(notRunning.length === 0 ? {} : {notRunning})}
}

async function forEach(
  api: HubApi,
  texts: readonly string[],
  action: (api: HubApi, name: string) => Promise<unknown>,
  onSettled: (done: number, all: number) => void = () => undefined,
): Promise<ServerChangeResult> {
  const names = [...new Set(texts.map(normaliseUserName))]
  const results = await settleSome(names, mostAtOnce, (name) => action(api, name), onSettled)
  const failed = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{name: names[index] ?? '', error: result.reason as unknown}] : [],
  )
  const [first] = failed
  if (first === undefined) return {done: names}
  if (names.length === 1) throw first.error
  const lines = failed.map(({name, error}) => `- ${name}: ${messageOf(error)}`)
  throw new JhubError('JHUB-E601', `${String(failed.length)} of ${String(names.length)} failed:\n${lines.join('\n')}`, {
    details: {failed: failed.map(({name}) => name)},
  })
}

/** A failed start with the end of the server's own log as its cause, where there is one to be had. */
async function withLastWords(hub: OpenHub, user: string, error: unknown, signal: AbortSignal): Promise<unknown> {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E208') return error
  let lines: readonly string[]
  try {
    lines = await Array.fromAsync(hub.engine.platform.logs({of: {user}, lines: 8, follow: false, signal}))
  } catch (unread) {
    if (unread instanceof JhubError) return error
    throw unread
  }
  if (lines.length === 0) return error
  return new JhubError(error.code, error.message, {fix: error.suggestions, cause: new Error(lines.join('\n'))})
}
