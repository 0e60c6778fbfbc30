import path from 'node:path'
import {usableUrl, type HubAddresses} from '../jupyterhub/hub-addresses.js'
import type {MachineName} from '../hub-spec/hub-spec.js'
import {setLan} from '../hub-spec/edit/edit-access.js'
import {renderNewHubSpec} from '../hub-spec/new-hub-spec.js'
import {definedOnly} from '../defined-only.js'
import {JhubError} from '../errors.js'
import {normaliseUserName} from '../hub-spec/people/user-name.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'
import {listNames} from '../jupyterhub/list-names.js'
import {areStepsDone, planSteps, runSteps, type PlannedChange} from '../steps/run-steps.js'
import type {StepList} from '../steps/step.js'
import {isApplied, readApplied, recordApplied} from './session/spec/applied-spec.js'
import {findChangedNames} from './auth/names/find-changed-names.js'
import {requireNames} from './auth/names/require-names.js'
import {withBundle} from './bundle/with-bundle.js'
import {requireBundles} from './bundle/require-bundles.js'
import {tellClusterImage} from './session/spec/tell-cluster-image.js'
import {claimHub, type Claim} from './session/ownership/claim-hub.js'
import type {HubContext} from './session/hub-context.js'
import {warnOfMovedServers} from './session/servers/moved-servers.js'
import {lostRecordSteps, recordSteps, wholeSteps} from './session/steps/hub-steps.js'
import {openHub, type OpenHub} from './session/open-hub.js'
import {requireChosen} from './session/require-chosen.js'
import {requirePreflight} from './session/require-preflight.js'
import type {StoredSpec} from './session/spec/read-stored.js'
import {defaultHubName, locateSpec, saveSpec, loadSpec} from './session/spec/spec-store.js'
import {forgetStopped} from './session/steps/stopped-mark.js'
import {withLock} from './session/with-lock.js'

export interface UpOptions {
  /** Default: false. */
  readonly dryRun?: boolean
  /** Default: false, a failed run is undone. */
  readonly keepOnFailure?: boolean
  /** How to go on with a database that is lost or damaged. */
  readonly database?: 'restore' | 'new'
  /** Moves a hub that belongs to another settings file to this one. Nobody is removed by that. */
  readonly takeOver?: boolean
  /** Nobody is asked whether people may have other names: they were. */
  readonly areNamesAgreed?: boolean
  /** For a spec that has to be made; one that is there has to say the same. Default: auto. */
  readonly machine?: MachineName
  /** Default: 8000. */
  readonly port?: number
  /** Default: `admin`. */
  readonly admin?: string
  /** Opens the hub to the local network, or closes it again; the spec is changed. Default for a new hub: false. */
  readonly lan?: boolean
  /** Refuses where the packages of an image would have to be chosen. */
  readonly locked?: boolean
  /** A file of `bundle create`, from which everything comes in place of the internet. */
  readonly bundle?: string
  /** Default: vm. */
  readonly mode?: 'vm' | 'k8s'
}

export interface UpResult {
  readonly hub: string
  /** For this computer; `null` where it can be reached by `jhub open` only. */
  readonly url: string | null
  readonly addresses: HubAddresses
  readonly spec: string
  readonly changes: readonly PlannedChange[]
  /** Passwords made by this run, by user. They are not kept anywhere. */
  readonly passwords: Readonly<Record<string, string>>
  readonly admins: readonly string[]
  /** How many people the settings file names who are no admins. */
  readonly others: number
  readonly platformNotes: readonly string[]
}

/** Makes the hub what its spec says; without a spec, makes one first. Nothing is changed when it is so already. */
export async function up(context: HubContext, options: UpOptions = {}): Promise<UpResult> {
  const {bundle, dryRun = false} = options
  const bundled = (work: (context: HubContext) => Promise<UpResult>) =>
    withBundle(context, {...definedOnly({file: bundle}), dryRun}, work)
  if (dryRun) return bundled((inside) => plan(inside, options))
  return withLock(context, () => bundled((inside) => bringUp(inside, options)))
}

async function bringUp(context: HubContext, options: UpOptions): Promise<UpResult> {
  const {stored, isNew, isChanged, asRead} = await findOrMakeSpec(context, options)
  const hub = await openHub(context, stored)
  if (context.bundle !== undefined) requireBundles(hub)
  const claim = await claimHub(context, {...hub, source: asRead}, options)
  if (hub.because !== undefined && isNew) context.onEvent({type: 'note', text: hub.because})
  tellClusterImage(context, hub.spec)
  const isSame = await isApplied(context, hub)
  const applied = await appliedBefore(context, hub, {claim, isSame})
  const {signal, onEvent} = context
  const {onReach} = claim
  const {steps, clearing, issued} = wholeSteps(context, hub, applied, {onReach, database: options.database})
  const all = [
    claim.step,
    forgetStopped(context, hub.spec.name),
    ...steps,
    ...recordSteps(hub, hub.source, claim.owner),
    recordApplied(context, hub.spec.name, hub.source),
  ]
  // Both begin at the same moment, so that what both look at is looked at once.
  const [found] = await Promise.all([
    isSame ? lookAhead(hub, [...all, ...clearing]) : undefined,
    requirePreflight(context, hub.engine, hub.spec),
  ])
  const areDone = found !== undefined
  if (options.locked === true) await requireChosen(hub, '--locked does not choose any')
  if (options.areNamesAgreed !== true) await requireNames(context, await findChangedNames(hub, applied))
  if (isNew || isChanged) await saveSpec(context, stored)
  await warnOfMovedServers(context, hub, applied)
  const changes = await runSteps(all, {signal, onEvent, keepOnFailure: options.keepOnFailure ?? false, areDone})
  const cleared = await runSteps(clearing, {signal, onEvent, keepOnFailure: true, areDone})
  if (claim.isTakenOver) await tellStrangers(context, hub)
  return found ?? describe(hub, [...changes, ...cleared], issued)
}

/**
 * What is told of a hub that was brought up from this very text, where nothing is to be done. Looks at everything at the same time,
 * because each look is slow. `undefined`: there is something to do, or something that cannot be looked at.
 */
async function lookAhead(hub: OpenHub, steps: StepList): Promise<UpResult | undefined> {
  const telling = describe(hub, [], new Map()).catch(() => undefined)
  return (await areStepsDone(steps)) ? telling : undefined
}

async function plan(context: HubContext, options: UpOptions): Promise<UpResult> {
  const {stored, asRead} = await findOrMakeSpec(context, options)
  const hub = await openHub(context, stored)
  if (context.bundle !== undefined) requireBundles(hub)
  const claim = await claimHub(context, {...hub, source: asRead}, options)
  tellClusterImage(context, hub.spec)
  await requirePreflight(context, hub.engine, hub.spec)
  const applied = await appliedBefore(context, hub, {claim, isSame: await isApplied(context, hub)})
  await warnOfMovedServers(context, hub, applied)
  const {onReach} = claim
  const {steps, clearing, issued} = wholeSteps(context, hub, applied, {onReach})
  const records = await lostRecordSteps(context, hub, claim.owner)
  const changes = await planSteps([...(claim.isTakenOver ? [claim.step] : []), ...steps, ...records, ...clearing])
  return describe(hub, changes, issued)
}

/** A hub that is taken over had nobody in this spec before, so nobody is removed. */
async function appliedBefore(
  context: HubContext,
  hub: OpenHub,
  {claim, isSame}: {readonly claim: Claim; readonly isSame: boolean},
): Promise<HubSpec | undefined> {
  if (claim.isTakenOver) return undefined
  return isSame ? hub.spec : readApplied(context, hub.spec.name)
}

async function tellStrangers({onEvent}: HubContext, hub: OpenHub): Promise<void> {
  const users = (await (await hub.connect())?.users()) ?? []
  const strangers = users.map(({name}) => name).filter((name) => !hub.spec.users.has(name))
  if (strangers.length === 0) return
  onEvent({
    type: 'warning',
    text: `On the hub but not in ${hub.file}: ${listNames(strangers)}. They can still log in; \`jhub user list\` shows them.`,
  })
}

interface FoundSpec {
  readonly stored: StoredSpec
  readonly isNew: boolean
  /** The options ask for something that the file does not say yet. */
  readonly isChanged: boolean
  /** The text of the file without what the options ask for. */
  readonly asRead: string
}

async function findOrMakeSpec(context: HubContext, options: UpOptions): Promise<FoundSpec> {
  const {file, exists} = await locateSpec(context)
  if (exists) {
    const stored = await loadSpec(context)
    requireSame(stored, options)
    const source = withLan(stored.source, options)
    if (source === stored.source) return {stored, isNew: false, isChanged: false, asRead: source}
    return {stored: await readText(file, source), isNew: false, isChanged: true, asRead: stored.source}
  }
  const name = context.asked.name ?? (context.asked.file === undefined ? defaultHubName : path.parse(file).name)
  const source = renderNewHubSpec({
    name,
    machine: options.machine ?? 'auto',
    port: options.port ?? 8000,
    admin: options.admin ?? 'admin',
    ...definedOnly({mode: options.mode}),
  })
  const asked = withLan(source, options)
  return {stored: await readText(file, asked), isNew: true, isChanged: false, asRead: asked}
}

/** What reads settings takes a while to load, and a known file does not need it. */
async function readText(file: string, source: string): Promise<StoredSpec> {
  const {readStored} = await import('./session/spec/read-stored.js')
  return readStored(file, source)
}

function withLan(source: string, {lan}: UpOptions): string {
  return lan === undefined ? source : setLan(source, lan)
}

/** What is asked of a new hub is not asked of one that is there: its spec is edited. Throws `JHUB-E100` where the two differ. */
function requireSame({file, spec}: StoredSpec, {mode, machine, port, admin}: UpOptions): void {
  const asked = [
    {flag: 'mode', value: mode, key: 'mode', said: spec.mode},
    {flag: 'machine', value: spec.mode === 'vm' ? machine : undefined, key: 'vm.machine', said: spec.vm.machine},
    {flag: 'port', value: port, key: 'access.port', said: spec.access.port},
  ]
  const other = asked.find(({value, said}) => value !== undefined && value !== said)
  if (other !== undefined) {
    const {flag, value, key, said} = other
    throw new JhubError('JHUB-E100', `${file} says ${key}: ${String(said)}, and --${flag} says ${String(value)}`, {
      fix: ['jhub config edit', `jhub up --name ANOTHER --${flag} ${String(value)}   # a new hub beside it`],
    })
  }
  if (admin === undefined || spec.users.get(normaliseUserName(admin))?.admin === true) return
  throw new JhubError('JHUB-E100', `--admin is for a new hub, and ${file} already exists`, {
    fix: spec.users.has(normaliseUserName(admin)) ? `jhub user set ${admin} --admin` : `jhub user add ${admin} --admin`,
  })
}

async function describe(
  hub: OpenHub,
  changes: readonly PlannedChange[],
  issued: ReadonlyMap<string, string>,
): Promise<UpResult> {
  const {platform} = hub.engine
  const [{addresses}, platformNotes] = await Promise.all([platform.status(hub.spec), platform.notes(hub.spec)])
  const admins = [...hub.spec.users].filter(([, {admin}]) => admin).map(([name]) => name)
  return {
    hub: hub.spec.name,
    url: usableUrl(addresses),
    addresses,
    spec: hub.file,
    changes,
    passwords: Object.fromEntries(issued),
    admins,
    others: hub.spec.users.size - admins.length,
    platformNotes,
  }
}
