import type {FilesFound} from '../../engines/engine.js'
import type {HubContext} from '../session/hub-context.js'
import {openStandingHub} from '../session/spec/standing-spec.js'
import {describeFile, type FetchedFile} from './local/fetch-files.js'
import {peopleWithHomes, requireHomes, type PeopleChoice, type PersonWithHome} from './homes/people-with-homes.js'
import {requirePattern} from './require-pattern.js'
import {visitHomes} from './homes/visit-homes.js'

export type ListedFile = Pick<FetchedFile, 'path' | 'sizeBytes' | 'modified' | 'changed'>

export interface ListedHome extends PersonWithHome {
  /** `null`: they never had a server, so there is no home. */
  readonly files: readonly ListedFile[] | null
  /** There are more files than were asked for. */
  readonly hasMore: boolean
  /** Why the home could not be read. */
  readonly problem?: string
}

export interface ListFilesResult {
  readonly homes: readonly ListedHome[]
}

/** What is in homes, but for hidden names; of everybody but admins, or of some people. */
export async function listFiles(
  context: HubContext,
  {of, pattern, mostFiles}: {readonly of: PeopleChoice; readonly pattern: string; readonly mostFiles: number},
): Promise<ListFilesResult> {
  const wanted = {pattern: requirePattern(pattern), mostFiles}
  const hub = await openStandingHub(context)
  const homes = requireHomes(hub)
  const people = await peopleWithHomes(hub, of)
  return {
    homes: await visitHomes<ListedHome>(context, {
      hub,
      homes,
      people,
      make: false,
      work: async (home, person) => ({...person, ...describeFound(await home.list(wanted))}),
      failed: (person, problem) => ({...person, files: null, hasMore: false, problem}),
    }),
  }
}

function describeFound(found: FilesFound | undefined): Pick<ListedHome, 'files' | 'hasMore'> {
  if (found === undefined) return {files: null, hasMore: false}
  const files = found.files.map((file) => {
    const {path, sizeBytes, modified, changed} = describeFile(file, '', 'here')
    return {path, sizeBytes, modified, changed}
  })
  return {files, hasMore: found.hasMore}
}
