import {requestsFor} from '../../host/files/file-parts.js'
import type {Home} from '../../engines/engine.js'
import type {HubContext} from '../session/hub-context.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import {openStandingHub} from '../session/spec/standing-spec.js'
import type {TreeFile} from '../../host/files/read-tree.js'
import {filesToSend} from './local/files-to-send.js'
import {peopleWithHomes, requireHomes, type PeopleChoice, type PersonWithHome} from './homes/people-with-homes.js'
import {visitHomes} from './homes/visit-homes.js'

export interface SendOptions {
  /** Files and directories, as they were typed. */
  readonly files: readonly string[]
  readonly to: PeopleChoice
  readonly dryRun: boolean
}

export interface SentFile {
  readonly path: string
  /** Its path in the home: another one where the person has a file of that name. */
  readonly as: string
  /** `there`: the person has this very file already. `beside`: next to another file of that name. */
  readonly state: 'sent' | 'there' | 'beside' | 'failed'
  readonly problem?: string
}

export interface PersonSentTo extends PersonWithHome {
  readonly files: readonly SentFile[]
  /** Why nothing could be sent to this person. */
  readonly problem?: string
}

export interface SendResult {
  readonly outcome: 'sent' | 'dry run'
  readonly people: readonly PersonSentTo[]
  /** Hidden names, links and what is no file, in directories that were sent. */
  readonly leftOut: readonly string[]
}

/**
 * Copies files of this computer into homes, whose owners own them. What a person has is never replaced: a file of the same
 * name gets a copy beside it. What a person has already is not sent again.
 */
export async function send(context: HubContext, options: SendOptions): Promise<SendResult> {
  const {files, leftOut} = await filesToSend(context, options.files)
  const hub = await openStandingHub(context)
  if (!options.dryRun) await claimHub(context, hub)
  const homes = requireHomes(hub)
  const people = await peopleWithHomes(hub, options.to)
  const sent = await visitHomes<PersonSentTo>(context, {
    hub,
    homes,
    people,
    make: !options.dryRun,
    work: async (home, person) => ({
      ...person,
      files: options.dryRun ? await planOnly(home, files) : await sendTo(context, home, files),
    }),
    failed: (person, problem) => ({...person, files: [], problem}),
  })
  return {outcome: options.dryRun ? 'dry run' : 'sent', leftOut, people: sent}
}

async function planOnly(home: Home, files: readonly TreeFile[]): Promise<readonly SentFile[]> {
  const planned = await home.plan(files.map(toNewFile))
  return files.map(({path}, index) => describePlanned(path, planned?.[index] ?? {as: path, isThere: false}))
}

async function sendTo(
  {host, signal}: HubContext,
  home: Home,
  files: readonly TreeFile[],
): Promise<readonly SentFile[]> {
  const planned = (await home.plan(files.map(toNewFile))) ?? []
  const results = new Map(
    files.map((file, index) => [file.path, describePlanned(file.path, planned[index] ?? {problem: 'it is not known'})]),
  )
  const wanted = files.filter(({path}) => ['sent', 'beside'].includes(results.get(path)?.state ?? ''))
  for (const request of requestsFor(wanted)) {
    signal.throwIfAborted()
    const parts = request.filter(({of}) => results.get(of.path)?.state !== 'failed')
    const read = parts.map(async ({of, offset, length, isLast}) => ({
      path: of.path,
      sha256: of.sha256,
      executable: of.executable,
      offset,
      data: await host.files.readPlainBytes(of.local, offset, length),
      isLast,
    }))
    const written = await home.write(await Promise.all(read))
    for (const [index, {of, isLast}] of parts.entries()) {
      const answer = written[index] ?? {problem: 'it is not known whether it was written'}
      if ('problem' in answer) results.set(of.path, {path: of.path, as: of.path, state: 'failed', ...answer})
      else if (isLast) results.set(of.path, describePlanned(of.path, {as: answer.as, isThere: false}))
    }
  }
  return [...results.values()]
}

function toNewFile({path, size, sha256}: TreeFile) {
  return {path, size, sha256}
}

function describePlanned(
  path: string,
  planned: {readonly as: string; readonly isThere: boolean} | {readonly problem: string},
): SentFile {
  if ('problem' in planned) return {path, as: path, state: 'failed', problem: planned.problem}
  return {path, as: planned.as, state: planned.isThere ? 'there' : planned.as === path ? 'sent' : 'beside'}
}
