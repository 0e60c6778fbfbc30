import path from 'node:path'
import type {FoundFile, Home} from '../../../engines/engine.js'
import type {LocalFiles} from '../../../host/files/files.js'
import {newPartFile} from '../../../host/files/part-files.js'
import type {Host} from '../../../host/host.js'
import {withSuffix} from './local-names.js'
import {requestsFor, type Part} from '../../../host/files/file-parts.js'

/** What became of one file: `here` already, `new`, put `beside` another one of its name, or it `changed` while it was read. */
export interface FetchedFile {
  readonly path: string
  /** Where it is on this computer. */
  readonly local: string
  readonly sizeBytes: number
  /** ISO 8601. What the file says; its owner can set this. */
  readonly modified: string
  /** ISO 8601. When the hub's system last saw it change. */
  readonly changed: string
  readonly state: 'here' | 'new' | 'beside' | 'changed'
}

export interface FetchTarget {
  readonly host: Pick<Host, 'files' | 'processes' | 'system'>
  readonly home: Home
  /** The person's own directory on this computer. */
  readonly directory: string
  readonly signal: AbortSignal
}

interface WantedFile extends FoundFile {
  readonly local: string
}

/** What was found, and what of it is here already. */
export interface FilesCompared {
  readonly wanted: readonly WantedFile[]
  readonly missing: readonly WantedFile[]
  /** Where a file is already, by its path in the home. */
  readonly here: ReadonlyMap<string, string>
}

/** Looks which of the files are whole here. */
export async function compareWithHere(
  {host: {files}, directory}: Pick<FetchTarget, 'host' | 'directory'>,
  found: readonly FoundFile[],
  names: ReadonlyMap<string, string>,
): Promise<FilesCompared> {
  const wanted = found.map((file) => ({...file, local: path.join(directory, names.get(file.path) ?? '')}))
  const here = new Map<string, string>()
  for (const file of wanted) {
    const place = await findHere(files, file)
    if (place !== undefined) here.set(file.path, place)
  }
  return {wanted, here, missing: wanted.filter((file) => !here.has(file.path))}
}

/** What `fetchFiles` would do. */
export function planFetch({wanted, here}: FilesCompared): readonly FetchedFile[] {
  return wanted.map((file) => {
    const place = here.get(file.path)
    return place === undefined ? describeFile(file, file.local, 'new') : describeFile(file, place, 'here')
  })
}

/** Reads what is not here yet. Nothing here is replaced; a file that is whole here is not read again. */
export async function fetchFiles(
  target: FetchTarget,
  {wanted, missing, here}: FilesCompared,
): Promise<readonly FetchedFile[]> {
  const done = new Map<string, Pick<FetchedFile, 'local' | 'state'>>(
    [...here].map(([file, local]) => [file, {local, state: 'here'}]),
  )
  // Another jhub may collect into the same directory.
  const partial = await newPartFile(target.host, target.directory)
  try {
    await fetchMissing(target, missing, partial, done)
  } finally {
    await target.host.files.remove(partial)
  }
  return wanted.map((file) => {
    const {local, state} = done.get(file.path) ?? {local: file.local, state: 'changed'}
    return describeFile(file, local, state)
  })
}

async function fetchMissing(
  {host: {files}, home, signal}: FetchTarget,
  missing: readonly WantedFile[],
  partial: string,
  done: Map<string, Pick<FetchedFile, 'local' | 'state'>>,
): Promise<void> {
  for (const request of requestsFor(missing)) {
    signal.throwIfAborted()
    const parts = request.filter(({of}) => !done.has(of.path))
    const answers = await home.read(parts.map(toFilePart))
    for (const [index, {of, offset, length, isLast}] of parts.entries()) {
      const bytes = answers[index]
      if (done.has(of.path)) continue
      if (offset === 0) await files.remove(partial)
      if (bytes?.length !== length) {
        done.set(of.path, {local: of.local, state: 'changed'})
        continue
      }
      await files.appendBytes(partial, bytes)
      if (!isLast) continue
      const isWhole = (await files.stat(partial))?.sizeBytes === of.size
      done.set(of.path, isWhole ? await giveName(files, partial, of) : {local: of.local, state: 'changed'})
    }
  }
}

/** A file of a home as it is told. */
export function describeFile(file: FoundFile, local: string, state: FetchedFile['state']): FetchedFile {
  const {path, size, modified, changed} = file
  return {path, local, sizeBytes: size, modified: momentOf(modified), changed: momentOf(changed), state}
}

function toFilePart({of, offset, length}: Part<WantedFile>) {
  return {path: of.path, version: of.version, offset, length}
}

/** Where this version of a file is already: under its name, or beside an earlier version. */
async function findHere(files: LocalFiles, file: WantedFile): Promise<string | undefined> {
  for (const candidate of [file.local, besideName(file, 0)]) {
    const facts = await files.stat(candidate)
    // Some file systems know two seconds only.
    const isOfThen = facts !== undefined && Math.abs(facts.modifiedMs - timeHere(file)) < 2_000
    if (isOfThen && facts.kind === 'file' && facts.sizeBytes === file.size) return candidate
  }
  return undefined
}

async function giveName(
  files: LocalFiles,
  partial: string,
  file: WantedFile,
): Promise<Pick<FetchedFile, 'local' | 'state'>> {
  for (let number = -1; ; number++) {
    const local = number < 0 ? file.local : besideName(file, number)
    const facts = await files.stat(local)
    if (facts === undefined) {
      await files.setModified(partial, timeHere(file))
      await files.makeDirectory(path.dirname(local))
      await files.rename(partial, local)
      return {local, state: number < 0 ? 'new' : 'beside'}
    }
    if (facts.kind === 'file' && facts.sizeBytes === file.size && (await haveSameBytes(files, partial, local))) {
      await files.setModified(local, timeHere(file))
      return {local, state: 'here'}
    }
  }
}

async function haveSameBytes(files: LocalFiles, one: string, other: string): Promise<boolean> {
  const length = 4 * 1024 * 1024
  for (let offset = 0; ; offset += length) {
    const [a, b] = await Promise.all([one, other].map((file) => files.readBytes(file, offset, length)))
    if (a === undefined || b === undefined || Buffer.compare(a, b) !== 0) return false
    if (a.length < length) return true
  }
}

/** A later version of a file is put beside the earlier one, with its time in the name. */
function besideName(file: WantedFile, number: number): string {
  const moment = new Date(timeHere(file))
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(two).join('-')
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join('.')
  const suffix = ` (${day} ${time}${number === 0 ? '' : `, ${String(number + 1)}`})`
  return path.join(path.dirname(file.local), withSuffix(path.basename(file.local), suffix))
}

/** When the hub's system last saw the file change, as a time that every file system can hold. */
function timeHere({changed}: FoundFile): number {
  return clamp(changed)
}

const endOfTimes = Date.UTC(2100, 0, 1)

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), endOfTimes)
}

function momentOf(ms: number): string {
  return new Date(clamp(ms)).toISOString()
}
