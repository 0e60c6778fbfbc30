import {JhubError, messageOf} from '../../errors.js'
import type {FilesFound} from '../../engines/homes-keeper.js'
import type {HubContext} from '../session/hub-context.js'
import {settleSome} from '../session/settle-some.js'
import {openStandingHub} from '../session/standing-spec.js'
import {describeFile, type FetchedFile} from './fetch-files.js'
import {
  everybody,
  homesAtOnce,
  peopleWithHomes,
  requireHomes,
  type PeopleChoice,
  type PersonWithHome,
} from './people-with-homes.js'
import {requirePattern} from './require-pattern.js'

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
  const visited = {people: everybody(hub), make: false, signal: context.signal}
  const settled = await settleSome(
    people,
    homesAtOnce,
    ({login}) => homes.visit({...visited, user: login}, (home) => home.list(wanted)),
    () => undefined,
  )
  context.signal.throwIfAborted()
  return {
    homes: people.map((person, index) => {
      const result = settled[index]
      if (result?.status === 'fulfilled') return {...person, ...describeFound(result.value)}
      if (result?.reason instanceof JhubError && result.reason.code === 'JHUB-E204') throw result.reason
      return {...person, files: null, hasMore: false, problem: messageOf(result?.reason)}
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
