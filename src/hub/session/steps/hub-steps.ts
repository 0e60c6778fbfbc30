import type {HubOwner} from '../../../hub-spec/hub-owner.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {PackageChoice} from '../../../engines/engine.js'
import {JhubError} from '../../../errors.js'
import {flattenSteps, type Step, type StepList} from '../../../steps/step.js'
import {clearImages} from './clear-images.js'
import type {HubContext} from '../hub-context.js'
import type {OpenHub} from '../open-hub.js'
import {madePasswords} from '../people/generated-passwords.js'
import {peopleSteps, type PeopleStepOptions} from '../people/people-steps.js'
import {isApplied} from '../spec/applied-spec.js'

/** What makes a hub what its spec says; every verb that changes or looks at a hub takes its steps from here. */
export interface HubSteps<Steps = StepList> {
  readonly steps: Steps
  /** What nobody needs after them; nothing of it is taken back. */
  readonly clearing: readonly Step[]
  /** Passwords that were made for people who had none; filled while the steps are applied. */
  readonly issued: ReadonlyMap<string, string>
}

export interface WholeStepOptions {
  /** Runs when the hub's place can be asked, before anything of the hub is changed. */
  readonly onReach?: readonly Step[]
  /** How to go on with a database that is lost or damaged. */
  readonly database?: 'restore' | 'new' | undefined
}

/**
 * Everything of `up`: the engine's part, then people, groups and limits. People who are in `applied` and not in the spec are
 * removed. Throws `JHUB-E100` when the engine keeps no copies of the database that `database` asks for.
 */
export function wholeSteps(
  context: HubContext,
  hub: OpenHub,
  applied: HubSpec | undefined,
  {onReach, database}: WholeStepOptions = {},
): HubSteps {
  const {engine, spec} = hub
  const people = peopleSteps(hub, applied, {made: madePasswords(context, spec.name)})
  return {
    steps: [...databaseSteps(hub, database), ...engine.steps.up(spec, onReach), ...people.steps],
    clearing: clearing(context, hub),
    issued: people.issued,
  }
}

/** What every change ends with at the hub: a copy of its accounts, the spec `source` and whose hub it is. */
export function recordSteps({engine}: Pick<OpenHub, 'engine'>, source: string, owner: HubOwner): readonly Step[] {
  return [...(engine.steps.keepAccounts?.() ?? []), ...engine.steps.record(source, owner)]
}

/**
 * What keeps the spec with the hub, where it was lost there. Nothing of a hub that cannot be asked, or whose settings file was
 * changed since: then the spec is recorded with the change.
 */
export async function lostRecordSteps(context: HubContext, hub: OpenHub, owner: HubOwner): Promise<readonly Step[]> {
  if (!(await isApplied(context, hub)) || (await hub.engine.connect()) === undefined) return []
  return hub.engine.steps.record(hub.source, owner)
}

export interface LiveStepOptions extends Pick<PeopleStepOptions, 'passwords' | 'remove'> {
  /** Builds the images of the spec first, some of them anew where that is asked for. */
  readonly images?: {readonly choice?: PackageChoice} | undefined
}

/** What a small verb does at a running hub, of all that `up` does: people, groups and limits, and images where it asks for them. */
export function liveSteps(
  context: HubContext,
  hub: OpenHub,
  before: HubSpec,
  {images, passwords, remove}: LiveStepOptions,
): HubSteps<readonly Step[]> {
  const {engine, spec} = hub
  const people = peopleSteps(hub, before, {passwords, remove, made: madePasswords(context, spec.name)})
  const building = images === undefined ? [] : (engine.images?.steps(spec, images.choice) ?? [])
  return {
    steps: [...flattenSteps(building), ...people.steps, ...engine.steps.live(spec)],
    clearing: images === undefined ? [] : clearing(context, hub),
    issued: people.issued,
  }
}

function clearing({host}: HubContext, {file, engine, spec}: OpenHub): readonly Step[] {
  return clearImages({file, files: host.files, engine, spec})
}

function databaseSteps({engine, spec}: OpenHub, choice: WholeStepOptions['database']): StepList {
  if (choice === undefined) return []
  const steps = engine.steps.replaceDatabase?.(spec, choice)
  if (steps !== undefined) return steps
  throw new JhubError('JHUB-E100', `${engine.title}: jhub keeps no copy of its database, so --database cannot be used`)
}
