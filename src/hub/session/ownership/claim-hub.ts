import {randomUUID} from 'node:crypto'
import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import {parseOwner, renderOwner, type HubOwner} from '../../../hub-spec/hub-owner.js'
import {shellWord} from '../../../hub-spec/shell-word.js'
import type {Step} from '../../../steps/step.js'
import {writeText} from '../../../steps/write-text.js'
import {appliedFile} from '../spec/applied-spec.js'
import type {HubContext} from '../hub-context.js'
import type {OpenHub} from '../open-hub.js'
import {whoseHub, type RecordsOfHub, type Whose} from './whose-hub.js'

export interface Claim {
  readonly owner: HubOwner
  /** The hub belonged to another settings file until now. */
  readonly isTakenOver: boolean
  /** Records the owner on this computer; `recordSteps` of the engine does with the hub. */
  readonly step: Step
  /** Looks again when the hub's place can be asked; nothing where the hub was seen already. */
  readonly onReach: readonly Step[]
}

export type ClaimedHub = Pick<OpenHub, 'file' | 'source' | 'spec' | 'engine'>

/**
 * Makes sure that a hub belongs to the settings file of this command, before anything of it is changed. Throws `JHUB-E404`
 * where it belongs to another, unless it is to be taken over.
 */
export async function claimHub(
  context: HubContext,
  hub: ClaimedHub,
  options: {readonly takeOver?: boolean} = {},
): Promise<Claim> {
  const {name} = hub.spec
  const file = await context.host.files.realPath(hub.file)
  const {found, isSeen} = await findWhose(context, hub, file)
  const isOther = found.whose === 'another'
  const mayTake = options.takeOver === true
  if (isOther && !mayTake) throw belongsToAnother(name, hub.file, found.owner, context)
  const owner =
    found.whose === 'ours'
      ? found.owner
      : {
          id: found.whose === 'ours unrecorded' ? (found.owner?.id ?? randomUUID()) : randomUUID(),
          file,
          computer: context.host.system.hostName,
        }
  const lookAgain: Step = {
    title: "Check the hub's settings file",
    async check() {
      const {owner: there} = await hub.engine.recovery.owner()
      if (there !== undefined && there.id !== owner.id && !mayTake)
        throw belongsToAnother(name, hub.file, there, context)
      return undefined
    },
    apply: () => Promise.resolve(),
  }
  return {
    owner,
    isTakenOver: isOther,
    step: recordOwner(context, name, owner),
    onReach: isSeen ? [] : [lookAgain],
  }
}

/** The owner's file of a hub, on this computer. */
export function ownerFile(context: HubContext, hubName: string): string {
  return path.join(context.directories.state, hubName, 'owner.json')
}

async function findWhose(
  context: HubContext,
  hub: ClaimedHub,
  file: string,
): Promise<{readonly found: Whose; readonly isSeen: boolean}> {
  const {files, system} = context.host
  const {name} = hub.spec
  const [here, there] = await Promise.all([keptHere(context, name), hub.engine.recovery.owner()])
  const found = whoseHub({
    file,
    source: hub.source,
    computer: system.hostName,
    isUsualFile: file === (await files.realPath(path.join(context.directories.config, `${name}.yaml`))),
    here,
    there,
    isOwnerFileThere: here.owner !== undefined && (await files.stat(here.owner.file)) !== undefined,
  })
  return {found, isSeen: there.isThere}
}

async function keptHere(context: HubContext, name: string): Promise<RecordsOfHub> {
  const {files} = context.host
  const [owner, applied, names] = await Promise.all([
    files.read(ownerFile(context, name)).then(parseOwner),
    files.read(appliedFile(context, name)),
    files.list(path.join(context.directories.state, name)),
  ])
  return {
    ...definedOnly({owner, applied}),
    isThere: (names ?? []).length > 0,
  }
}

function recordOwner(context: HubContext, name: string, owner: HubOwner): Step {
  const file = ownerFile(context, name)
  return writeText({
    title: "Record the hub's settings file",
    summary: `the hub ${name} belongs to ${owner.file}`,
    files: context.host.files,
    file,
    text: renderOwner(owner),
    directory: path.dirname(file),
  })
}

function belongsToAnother(name: string, file: string, owner: HubOwner | undefined, context: HubContext): JhubError {
  const takeOver = `jhub up --take-over --file ${shellWord(file)}   # from now on the hub belongs to ${file}; nobody is removed`
  const details = {hub: name, file, owner: owner ?? null}
  if (owner === undefined)
    return new JhubError(
      'JHUB-E404',
      `A hub named ${name} already exists, and ${file} is not the settings file that was last applied to it. The hub was not changed`,
      {fix: ['jhub up --name ANOTHER   # a hub of its own', takeOver], details},
    )
  const isHere = owner.computer === context.host.system.hostName
  const place = isHere ? owner.file : `${owner.file} on ${owner.computer}`
  return new JhubError('JHUB-E404', `The hub ${name} belongs to ${place}, not to ${file}. The hub was not changed`, {
    fix: [
      isHere
        ? `jhub plan --file ${shellWord(owner.file)}   # work with the file that it belongs to`
        : `jhub attach --help   # fetch the hub's settings, and work from this computer`,
      takeOver,
    ],
    details,
  })
}
