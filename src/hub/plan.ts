import {chartConflicts} from '../hub-spec/place/chart-conflicts.js'
import {changedRules, whoMaySignIn} from '../hub-spec/auth/describe-auth.js'
import {planSteps, type PlannedChange} from '../steps/run-steps.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'
import type {ChangedName} from '../hub-spec/auth/names-after.js'
import {isMadeUp} from '../hub-spec/people/rehearsal-names.js'
import {findChangedNames} from './auth/names/find-changed-names.js'
import {findLeftOver, type LeftOver} from './rehearse/left-over.js'
import {readApplied} from './session/spec/applied-spec.js'
import {tellClusterImage} from './session/spec/tell-cluster-image.js'
import {claimHub} from './session/ownership/claim-hub.js'
import type {HubContext} from './session/hub-context.js'
import {warnOfMovedServers} from './session/servers/moved-servers.js'
import {lostRecordSteps, wholeSteps} from './session/steps/hub-steps.js'
import {openHub, type OpenHub} from './session/open-hub.js'
import {isWithoutAnswer} from './session/people/people-steps.js'

export interface PlanResult {
  readonly hub: string
  readonly spec: string
  readonly changes: readonly PlannedChange[]
  /** People on the hub whom the spec does not name: made on the hub's own pages. They are left alone. */
  readonly unlisted: readonly UnlistedUser[]
  /** Made-up people of a rehearsal; `null` for none. */
  readonly rehearsal: LeftOver | null
  /** Which rules for signing in are new, and which end, one sentence each. */
  readonly signIn: {
    readonly gain: readonly string[]
    readonly lose: readonly string[]
    /** Whose name is another one then. */
    readonly names: readonly ChangedName[]
  }
}

export interface UnlistedUser {
  readonly name: string
  readonly hasPassword: boolean
}

/** How the hub differs from its spec. Only looks. Throws `JHUB-E404` for a hub of another settings file. */
export async function plan(context: HubContext): Promise<PlanResult> {
  const hub = await openHub(context)
  const {owner} = await claimHub(context, hub)
  for (const text of chartConflicts(hub.spec)) context.onEvent({type: 'warning', text})
  tellClusterImage(context, hub.spec)
  const applied = await readApplied(context, hub.spec.name)
  await warnOfMovedServers(context, hub, applied)
  const {steps, clearing} = wholeSteps(context, hub, applied)
  const records = await lostRecordSteps(context, hub, owner)
  const [changes, unlisted, rehearsal, names] = await Promise.all([
    planSteps([...steps, ...records, ...clearing]),
    findUnlisted(hub, applied).catch(nothingWithoutAnswer),
    hub.connect().then((api) => findLeftOver(context, hub.spec.name, api)),
    findChangedNames(hub, applied),
  ])
  const rules = applied === undefined ? {gain: whoMaySignIn(hub.spec), lose: []} : changedRules(applied, hub.spec)
  const signIn = {...rules, names}
  return {hub: hub.spec.name, spec: hub.file, changes, unlisted, rehearsal: rehearsal ?? null, signIn}
}

async function findUnlisted(hub: OpenHub, applied: HubSpec | undefined): Promise<readonly UnlistedUser[]> {
  const api = await hub.connect()
  if ((await api?.isReady()) !== true || api === undefined) return []
  const isListed = (name: string) => hub.spec.users.has(name) || applied?.users.has(name) === true
  const cameByRule = hub.spec.auth.provider === undefined ? undefined : (await api.signIn()).given
  const others = (await api.users()).filter(
    (user) => !isListed(user.name) && !isMadeUp(user) && cameByRule?.has(user.name) !== true,
  )
  if (others.length === 0) return []
  const withPassword = await api.usersWithPassword()
  return others.map(({name}) => ({name, hasPassword: withPassword.has(name)}))
}

/** The plan says already that the hub does not answer. */
function nothingWithoutAnswer(error: unknown): readonly UnlistedUser[] {
  if (isWithoutAnswer(error)) return []
  throw error
}
