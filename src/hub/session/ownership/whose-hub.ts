import type {HubOwner} from '../../../hub-spec/hub-owner.js'

export interface OwnerFacts {
  /** The settings file of this command, links resolved, and its text as it stands. */
  readonly file: string
  readonly source: string
  readonly computer: string
  /** Where a hub of this name has its settings file when nobody says otherwise. */
  readonly isUsualFile: boolean
  /** What is kept of a hub of this name on this computer. */
  readonly here: RecordsOfHub
  /** What is kept with the hub; empty while it cannot be asked, too. */
  readonly there: RecordsOfHub
  /** Whether the file of the owner that is recorded here is still there. */
  readonly isOwnerFileThere: boolean
}

export interface RecordsOfHub {
  readonly owner?: HubOwner
  /** The text of the spec that was last applied. */
  readonly applied?: string
  /** Something of a hub is there. */
  readonly isThere: boolean
}

export type Whose =
  /** No hub of this name is known. */
  | {readonly whose: 'nobody'}
  | {readonly whose: 'ours'; readonly owner: HubOwner}
  /** Ours, and not recorded so yet: the file was moved, or the hub is from before this was recorded. */
  | {readonly whose: 'ours unrecorded'; readonly owner?: HubOwner}
  | {readonly whose: 'another'; readonly owner?: HubOwner}

/**
 * Which settings file a hub belongs to. A file that is not recorded as the owner's only counts where nothing can be lost by
 * it: it says exactly what was last applied, and no other file can be meant.
 */
export function whoseHub(facts: OwnerFacts): Whose {
  const {here, there, file, source, computer} = facts
  const isApplied = source === (there.applied ?? here.applied)
  const owner = there.owner ?? here.owner
  if (owner === undefined) return fromBefore(facts, isApplied)
  const asApplied = (isOurs: boolean): Whose =>
    isOurs && isApplied ? {whose: 'ours unrecorded', owner} : {whose: 'another', owner}
  const isRecordedHere = here.owner !== undefined && here.owner.id === owner.id
  if (!isRecordedHere) return asApplied(owner.file === file && owner.computer === computer)
  if (here.owner.file === file) return {whose: 'ours', owner: here.owner}
  return asApplied(!facts.isOwnerFileThere)
}

/** Of a hub that no owner was recorded for. */
function fromBefore({here, there, isUsualFile}: OwnerFacts, isApplied: boolean): Whose {
  if (!here.isThere && !there.isThere) return {whose: 'nobody'}
  const isHalfMade = here.applied === undefined && there.applied === undefined
  const isOurs = isApplied || (here.isThere && (isUsualFile || isHalfMade))
  return {whose: isOurs ? 'ours unrecorded' : 'another'}
}
