import {definedOnly} from '../../defined-only.js'
import type {PlatformStatus} from '../../engines/engine.js'
import {JhubError, messageOf} from '../../errors.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {listNames} from '../../jupyterhub/list-names.js'
import {drive, type Credentials, type Driven} from '../../load/drive.js'
import type {Notebook} from '../../load/notebook.js'
import {runSteps} from '../../steps/run-steps.js'
import type {Step} from '../../steps/step.js'
import {roomForPeople, type PlacesSeen} from '../doctor/room-for-people.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import {findUrl} from '../session/find-url.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {withLock} from '../session/with-lock.js'
import {madeUpPeople, makePeople, rehearsalNames, removePeople} from './made-up-people.js'
import {describeLeftOver, findLeftOver} from './left-over.js'
import {findRehearsal} from './rehearsal-record.js'
import {measured, type RehearsalResult} from './rehearsal-result.js'
import {watchUsage, type UsageWatched} from './usage-over-time.js'

export interface RehearseOptions {
  readonly people: number
  readonly notebook: Notebook
  /** Within how many milliseconds they arrive. */
  readonly overMs: number
  /** Leaves them, with their servers, for a look at them. */
  readonly keep: boolean
  /** Asked whether what an earlier rehearsal left is removed first. */
  readonly mayClean: (question: string) => Promise<boolean>
  /** Asked before what may disturb somebody, or cannot go well; throws where the answer is no. */
  readonly requireYes: (reasons: readonly string[]) => Promise<void>
}

/**
 * Has made-up people log in, start servers and run a notebook, all at once, and removes them. Throws `JHUB-E204` while the
 * hub does not run, `JHUB-E402` where people of an earlier rehearsal are left, `JHUB-E200` where it would take what others
 * need, `JHUB-E601` where what an earlier one left could not be removed. What of its own people could not be removed is in
 * the result.
 */
export async function rehearse(context: HubContext, options: RehearseOptions): Promise<RehearsalResult> {
  return withLock(context, async () => {
    const hub = await openHub(context)
    await claimHub(context, hub)
    const api = await hub.requireApi()
    await clearLeftOver(context, hub, options)
    const [platform, places] = await Promise.all([
      hub.engine.platform.status(hub.spec),
      hub.engine.servers.places?.(hub.spec),
    ])
    const status = {...platform, places}
    await requirePeace(api, hub.spec, status, options)
    const names = await rehearsalNames(api, options.people)
    const {url} = await findUrl(context)
    /** Uses a signal of its own, so that everything is removed after Ctrl-C too. Many servers stop at once, and each would say that it waits. */
    const unstopped = {...context, signal: new AbortController().signal, onEvent: () => undefined}
    const removal = twice(async () => {
      await removePeople(unstopped, await openHub(unstopped, hub), names)
    })
    const rehearsal = await runRehearsal({context, hub, names, url, removal, options})
    return measured({...rehearsal, hub, status, url, options})
  })
}

/** Removes what a rehearsal left: killed half-way, or asked to keep its people. Gives their names. */
export async function cleanRehearsal(context: HubContext): Promise<{readonly removed: readonly string[]}> {
  return withLock(context, async () => {
    const hub = await openHub(context)
    await claimHub(context, hub)
    const known = (await findRehearsal(context, hub.spec.name))?.names ?? []
    const there = await madeUpPeople(await hub.requireApi())
    return {removed: await removePeople(context, hub, [...new Set([...there, ...known])])}
  })
}

interface Running {
  readonly context: HubContext
  readonly hub: OpenHub
  readonly names: readonly string[]
  readonly url: string
  readonly removal: Removal
  readonly options: RehearseOptions
}

interface Removal {
  /** Throws again, without another try, once it has failed. */
  readonly run: () => Promise<void>
  readonly failure: () => unknown
}

interface Rehearsal {
  readonly driven: Driven
  readonly usage: UsageWatched
  /** Core-seconds that this program used meanwhile. */
  readonly ownCoreSeconds: number
}

/** Tries once more where it fails: a server that stops slowly has often stopped by then. */
function twice(remove: () => Promise<void>): Removal {
  let failure: Error | undefined
  return {
    async run() {
      if (failure !== undefined) throw failure
      try {
        await remove().catch(remove)
      } catch (error) {
        failure = error instanceof Error ? error : new Error(messageOf(error))
        throw failure
      }
    },
    failure: () => failure,
  }
}

async function runRehearsal(running: Running): Promise<Rehearsal & {readonly notRemoved: string | null}> {
  const {context, hub, names, url, removal, options} = running
  const done: {people?: readonly Credentials[]; rehearsal?: Rehearsal} = {}
  const count = `${String(names.length)} people`
  const steps: readonly Step[] = [
    {
      title: `Make up ${count}`,
      check: () => Promise.resolve({summary: `make up ${count}`, disturbs: 'live'}),
      async apply() {
        done.people = await makePeople(context, hub, names)
      },
      undo: removal.run,
    },
    {
      title: 'Log in, start servers, run the notebook',
      check: () => Promise.resolve({summary: 'rehearse', disturbs: 'live'}),
      async apply(told) {
        const trust = (await hub.engine.connect())?.trust
        const watch = watchUsage({api: await hub.requireApi(), engine: hub.engine, clock: context.host.clock})
        const before = process.cpuUsage()
        try {
          const driven = await drive({
            people: done.people ?? [],
            overMs: options.overMs,
            notebook: options.notebook,
            place: {address: url, ...definedOnly({trust})},
            clock: context.host.clock,
            signal: told.signal,
            onProgress: (count) => {
              told.report({done: count, total: names.length, unit: 'items', note: 'people'})
            },
            whileAllStay: () => watch.look(),
          })
          const {user, system} = process.cpuUsage(before)
          done.rehearsal = {driven, usage: await watch.stop(), ownCoreSeconds: (user + system) / 1e6}
        } finally {
          await watch.stop()
        }
      },
    },
    ...(options.keep
      ? []
      : [
          {
            title: 'Remove them again',
            check: () => Promise.resolve({summary: `remove ${count}`, disturbs: 'live' as const}),
            apply: removal.run,
          },
        ]),
  ]
  try {
    await runSteps(steps, {signal: context.signal, onEvent: context.onEvent})
  } catch (error) {
    if (done.rehearsal === undefined) throw error
  }
  if (done.rehearsal === undefined) throw new Error('the rehearsal ended without a result')
  const failure = removal.failure()
  return {...done.rehearsal, notRemoved: failure === undefined ? null : messageOf(failure)}
}

/** Throws `JHUB-E402` where people of an earlier rehearsal are there and are to stay. */
async function clearLeftOver(context: HubContext, hub: OpenHub, {mayClean}: RehearseOptions): Promise<void> {
  const left = await findLeftOver(context, hub.spec.name, await hub.requireApi())
  if (left === undefined) return
  const sentence = describeLeftOver(left)
  if (!(await mayClean(`${sentence}. Remove them first?`)))
    throw new JhubError('JHUB-E402', sentence, {fix: 'jhub rehearse --clean', details: {names: left.names}})
  await removePeople(context, hub, left.names)
}

/** Asks where somebody works, or not everybody can fit; refuses what the others would have to do without. */
async function requirePeace(
  api: HubApi,
  spec: HubSpec,
  status: PlatformStatus & PlacesSeen,
  {people, requireYes}: RehearseOptions,
): Promise<void> {
  const working = (await api.users()).flatMap(({name, server}) => (server === undefined ? [] : [name]))
  const problems = roomForPeople(people + working.length, spec, status).filter(({state}) => state === 'problem')
  if (working.length > 0 && problems.length > 0)
    throw new JhubError(
      'JHUB-E200',
      `${listNames(working)} ${working.length === 1 ? 'works' : 'work'} on the hub, and ${String(people)} more people do not fit: ${problems.map(({found}) => found).join('; ')}`,
      {fix: ['jhub rehearse --people FEWER', 'jhub server stop --all   # or when nobody works']},
    )
  const reasons = [
    ...(working.length === 0
      ? []
      : [
          `${listNames(working)} ${working.length === 1 ? 'works' : 'work'} on the hub now, and will notice ${String(people)} more people`,
        ]),
    ...problems.map(({check, found}) => `${check}: ${found}`),
  ]
  if (reasons.length > 0) await requireYes(reasons)
}
