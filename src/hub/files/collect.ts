import path from 'node:path'
import type {Home} from '../../engines/engine.js'
import {removeLeftParts} from '../../host/files/part-files.js'
import type {HubContext} from '../session/hub-context.js'
import {openStandingHub} from '../session/spec/standing-spec.js'
import {compareWithHere, fetchFiles, planFetch, type FetchedFile} from './local/fetch-files.js'
import {freeNames} from './local/free-names.js'
import {localNames} from './local/local-names.js'
import {localRoom} from './local/local-room.js'
import {peopleWithHomes, requireHomes, type PeopleChoice, type PersonWithHome} from './homes/people-with-homes.js'
import {readableFiles} from './homes/readable-files.js'
import {requirePattern} from './require-pattern.js'
import {beyondMost, type MostOfOne} from './local/most-of-one.js'
import {shownName} from './local/shown-name.js'
import {visitUntilEnded} from './homes/visit-homes.js'

export interface CollectOptions {
  /** A shell's pattern below each home. */
  readonly pattern: string
  readonly of: PeopleChoice
  /** An absolute path on this computer. */
  readonly directory: string
  /** At most this much from each person. */
  readonly most: MostOfOne
  readonly dryRun: boolean
  /** Told what is here when the command ends early; its error is thrown afterwards. */
  readonly keep: (result: CollectResult) => Promise<unknown>
}

export interface CollectedPerson {
  readonly login: string
  readonly name: string
  /** `nothing`: no file of theirs matches. `no home`: they never had a server. `not finished`: the command ended before. */
  readonly state: 'handed in' | 'nothing' | 'no home' | 'failed' | 'not finished'
  readonly files: readonly FetchedFile[]
  /** Matching names that were not read: links, what is no file, and files that their owner closed. */
  readonly skipped: readonly {readonly path: string; readonly why: string}[]
  /** Why it failed. */
  readonly problem?: string
  /** There is more than the command takes from one person: the same command again fails in the same way. */
  readonly isTooMuch?: true
}

export interface CollectResult {
  readonly outcome: 'collected' | 'dry run'
  readonly directory: string
  readonly people: readonly CollectedPerson[]
}

/**
 * Copies the files that match from homes to this computer, one directory for each person. What one person made hard is told
 * with that person, and the others are collected. Throws `JHUB-E204` when the place of homes cannot be reached, `JHUB-E209` when this computer's disk is full.
 */
export async function collect(context: HubContext, options: CollectOptions): Promise<CollectResult> {
  const pattern = requirePattern(options.pattern)
  const hub = await openStandingHub(context)
  const homes = requireHomes(hub)
  const people = await peopleWithHomes(hub, options.of)
  const directories = localNames(people.map(({login}) => login))
  const room = localRoom(context.host.files, options.directory)
  if (!options.dryRun) await context.host.files.makeDirectory(options.directory, {mode: 0o700})
  const work = async (home: Home, person: PersonWithHome): Promise<CollectedPerson> => {
    const listed = await home.list({pattern, mostFiles: options.most.files})
    if (listed === undefined) return {...person, state: 'no home', files: [], skipped: []}
    const found = readableFiles(listed)
    const tooMuch = beyondMost(found, options.most, 'narrow the pattern')
    if (tooMuch !== undefined)
      return {...person, state: 'failed', files: [], skipped: found.skipped, problem: tooMuch, isTooMuch: true}
    const directory = path.join(options.directory, directories.get(person.login) ?? '')
    const target = {host: context.host, home, directory, signal: context.signal}
    const names = await freeNames(context.host.files, directory, localNames(found.files.map((file) => file.path)))
    const compared = await compareWithHere(target, found.files, names)
    if (!options.dryRun) await removeLeftParts(context.host, directory)
    const files = options.dryRun
      ? planFetch(compared)
      : await room.reserve(home, bytesOf(compared.missing), (home) => fetchFiles({...target, home}, compared))
    const changed = files.filter(({state}) => state === 'changed')
    return {
      ...person,
      state: changed.length > 0 ? 'failed' : files.length === 0 ? 'nothing' : 'handed in',
      files,
      skipped: found.skipped,
      ...(changed.length === 0
        ? {}
        : {problem: `${shownName(changed[0]?.path ?? '')} changed while it was read: run the same command again`}),
    }
  }
  const {results, endedBy} = await visitUntilEnded<CollectedPerson>(context, {
    hub,
    homes,
    people,
    make: false,
    work,
    failed: (person, problem) => ({...person, state: 'failed', files: [], skipped: [], problem}),
    left: (person) => ({...person, state: 'not finished', files: [], skipped: []}),
    final: ['JHUB-E209'],
  })
  const outcome = options.dryRun ? 'dry run' : 'collected'
  const result = {outcome, directory: options.directory, people: results} as const
  if (endedBy === undefined) return result
  if (!options.dryRun) await options.keep(result)
  throw endedBy
}

function bytesOf(files: readonly {readonly size: number}[]): number {
  return files.reduce((total, {size}) => total + size, 0)
}
