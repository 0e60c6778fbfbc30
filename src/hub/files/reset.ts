import path from 'node:path'
import type {FilesFound, Home} from '../../engines/engine.js'
import type {FileFacts} from '../../host/files/files.js'
import {JhubError} from '../../errors.js'
import {removeLeftParts} from '../../host/files/part-files.js'
import type {HubContext} from '../session/hub-context.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import type {OpenHub} from '../session/open-hub.js'
import {openStandingHub} from '../session/spec/standing-spec.js'
import {archiveHome} from './local/archive-home.js'
import {localNames} from './local/local-names.js'
import {localRoom} from './local/local-room.js'
import {peopleWithHomes, requireHomes, type PersonWithHome} from './homes/people-with-homes.js'
import {beyondMost, type MostOfOne} from './local/most-of-one.js'
import {shownName} from './local/shown-name.js'
import {readableFiles} from './homes/readable-files.js'
import {entriesOf, holdsAll, unfinishedResets} from './homes/unfinished-resets.js'
import {visitUntilEnded} from './homes/visit-homes.js'

export interface ResetOptions {
  readonly group: string
  /** An absolute path on this computer, for the archives. `undefined`: where an unfinished reset put them, else `newDirectory`. */
  readonly directory: string | undefined
  readonly newDirectory: string
  readonly most: MostOfOne
  readonly dryRun: boolean
  /** Asked before anything is emptied, with the people whose homes it is about. */
  readonly confirm: (logins: readonly string[], directory: string) => Promise<void>
  /** Told what was emptied when the command ends early; its error is thrown afterwards. */
  readonly keep: (result: ResetResult) => Promise<void>
}

export interface ResetPerson extends PersonWithHome {
  /** `no home`: they never had a server. `failed`: nothing was removed, or not all. `not finished`: the command ended before. */
  readonly state: 'emptied' | 'would empty' | 'empty already' | 'no home' | 'failed' | 'not finished'
  readonly files: number
  readonly sizeBytes: number
  /** Where everything is that was in the home; `null` where nothing was archived. */
  readonly archive: string | null
  readonly problem?: string
  /** There is more than the command takes from one person: the same command again fails in the same way. */
  readonly isTooMuch?: true
}

export interface ResetResult {
  readonly outcome: 'reset' | 'dry run'
  readonly directory: string
  readonly people: readonly ResetPerson[]
}

/**
 * Empties the homes of a group. All that is in one is archived on this computer first; what cannot be archived stays, and so
 * does everything else of that person. After a kill, the next one goes on with the archives that are whole. Nobody's server may
 * run. Throws `JHUB-E204` when the hub or the place of homes cannot be reached, `JHUB-E229` where a server runs.
 */
export async function resetFiles(context: HubContext, options: ResetOptions): Promise<ResetResult> {
  const {most, dryRun} = options
  const hub = await openStandingHub(context)
  if (!dryRun) await claimHub(context, hub)
  const homes = requireHomes(hub)
  const people = await peopleWithHomes(hub, {group: options.group})
  const logins = people.map(({login}) => login)
  await requireStopped(hub, options.group, logins)
  const unfinished = unfinishedResets(context, hub.spec.name)
  const directory = await chooseDirectory(context, options, await unfinished.directoryOf(logins))
  if (!dryRun) await options.confirm(logins, directory)
  const names = localNames(logins)
  const room = localRoom(context.host.files, directory)
  if (!dryRun) {
    await unfinished.begin(logins, directory)
    await context.host.files.makeDirectory(directory, {mode: 0o700})
    await removeLeftParts(context.host, directory)
  }

  const reset = async (home: Home, person: PersonWithHome): Promise<ResetPerson> => {
    const listed = await home.list({pattern: null, mostFiles: most.files})
    if (listed === undefined) return {...person, state: 'no home', ...nothing}
    const found = readableFiles(listed)
    const tooMuch = beyondMost(found, most, 'ask the person to tidy up')
    if (tooMuch !== undefined) return {...person, state: 'failed', ...nothing, problem: tooMuch, isTooMuch: true}
    requireWhole(found)
    const before = await unfinished.archived(person.login)
    const isArchived = before !== undefined && holdsAll(before, found)
    const sizeBytes = found.files.reduce((total, {size}) => total + size, 0)
    const counted = {
      ...person,
      files: isArchived ? before.files : found.files.length,
      sizeBytes: isArchived ? before.sizeBytes : sizeBytes,
    }
    if (isArchived && !dryRun) {
      await requireStopped(hub, options.group, [person.login])
      return {...counted, archive: before.archive, ...(await emptyAsArchived(home, found, most))}
    }
    if (found.files.length + found.others.length === 0) return {...counted, state: 'empty already', archive: null}
    if (dryRun) return {...counted, state: 'would empty', archive: null}
    const archive = await freeArchive(context.host.files, path.join(directory, names.get(person.login) ?? ''))
    const whole = (facts: FileFacts | undefined) =>
      unfinished.archiveIsWhole(person.login, directory, {
        ...{archive, archiveBytes: facts?.sizeBytes ?? 0, archiveModifiedMs: facts?.modifiedMs ?? 0},
        ...{files: found.files.length, sizeBytes, entries: entriesOf(found)},
      })
    const archiving = {file: archive, found, whole, signal: context.signal}
    await room.reserve(home, sizeBytes, (home) => archiveHome(context.host, {...archiving, home}))
    await requireStopped(hub, options.group, [person.login])
    return {...counted, archive, ...(await emptyAsArchived(home, found, most))}
  }
  const work = async (home: Home, person: PersonWithHome): Promise<ResetPerson> => {
    const result = await reset(home, person)
    if (!dryRun && result.state !== 'failed') await unfinished.end(person.login)
    return result
  }
  const {results, endedBy} = await visitUntilEnded<ResetPerson>(context, {
    hub,
    homes,
    people,
    make: false,
    work,
    failed: (person, problem) => ({...person, state: 'failed', ...nothing, problem}),
    left: (person) => ({...person, state: 'not finished', ...nothing}),
    final: ['JHUB-E209'],
  })
  const result = {outcome: dryRun ? 'dry run' : 'reset', directory, people: results} as const
  if (endedBy === undefined) return result
  if (!dryRun) await options.keep(result)
  throw endedBy
}

/** Where the archives go. An unfinished reset goes on where its archives are, which is said. */
async function chooseDirectory(
  {host, onEvent}: HubContext,
  {directory, newDirectory}: ResetOptions,
  unfinished: string | undefined,
): Promise<string> {
  if (directory !== undefined) return directory
  if (unfinished === undefined || (await host.files.stat(unfinished))?.kind !== 'directory') return newDirectory
  onEvent({type: 'note', text: `Continuing the reset that was not finished. Its archives are in ${unfinished}.`})
  return unfinished
}

const nothing = {files: 0, sizeBytes: 0, archive: null} as const

/** An archive of before may be the only copy of something: it stays. */
async function freeArchive(files: Pick<HubContext['host']['files'], 'stat'>, stem: string): Promise<string> {
  for (let number = 1; ; number++) {
    const file = `${stem}${number === 1 ? '' : `~${String(number)}`}.tar.zst`
    if ((await files.stat(file)) === undefined) return file
  }
}

/** What runs in a home would write into it between the archive and the end. */
async function requireStopped(hub: OpenHub, group: string, logins: readonly string[]): Promise<void> {
  const users = await (await hub.requireApi()).users()
  const running = users.filter(({name, server}) => server !== undefined && logins.includes(name)).map(({name}) => name)
  if (running.length > 0)
    throw new JhubError(
      'JHUB-E229',
      `These servers are running: ${running.join(', ')}. What they write now would be lost`,
      {
        fix: `jhub server stop --group ${group}   # then run the same command again`,
      },
    )
}

/** All that is in a home, or none of it is removed. */
function requireWhole(found: FilesFound): void {
  const [first] = found.skipped
  if (first !== undefined)
    throw new JhubError(
      'JHUB-E229',
      `${shownName(first.path)} cannot be archived (${first.why}), so nothing was removed`,
    )
}

/** Empties a home that is as it was archived, and looks that nothing is left. */
async function emptyAsArchived(
  home: Home,
  archived: FilesFound,
  most: MostOfOne,
): Promise<Pick<ResetPerson, 'state' | 'problem'>> {
  const whole = {pattern: null, mostFiles: most.files}
  const now = await home.list(whole)
  if (now === undefined || stateOf(now) !== stateOf(archived))
    return {state: 'failed', problem: 'something changed while it was archived, so nothing was removed'}
  await home.empty()
  const left = await home.list(whole)
  const [first] = [...(left?.files ?? []), ...(left?.others ?? [])]
  return first === undefined
    ? {state: 'emptied'}
    : {state: 'failed', problem: `${shownName(first.path)} is still there; the archive has everything`}
}

function stateOf({files, others, skipped}: FilesFound): string {
  return JSON.stringify([files, others, skipped])
}
