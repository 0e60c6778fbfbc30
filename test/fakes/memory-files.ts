import path from 'node:path'
import {JhubError} from '../../src/errors.js'
import type {FileFacts, LocalFiles} from '../../src/host/files/files.js'
import {unfinishedFile} from '../../src/host/files/unfinished-file.js'
import {Killed} from './fault.js'

export interface MemoryEntry {
  readonly kind: 'file' | 'directory'
  readonly text: string
  readonly mode: number
  readonly uid: number
}

export interface MemoryFiles extends LocalFiles {
  /** Everything there is, by path. */
  readonly entries: Map<string, MemoryEntry>
}

export interface MemoryOptions {
  /** Called before each change, with what is about to happen; throws to stop it. */
  readonly beforeChange: (what: string) => void
  readonly uid?: number
  readonly freeBytes?: () => number
}

/** A file system in memory that behaves as `Files` says: parents, modes, whole replacement. */
export function memoryFiles({beforeChange, uid = 1000, freeBytes = () => 50 * 1024 ** 3}: MemoryOptions): MemoryFiles {
  const entries = new Map<string, MemoryEntry>([['/', {kind: 'directory', text: '', mode: 0o755, uid}]])
  const makeParents = (file: string, mode: number) => {
    const parent = path.posix.dirname(file)
    const found = entries.get(parent)
    if (found?.kind === 'file') throw new JhubError('JHUB-E202', `${parent} is a file`)
    if (found === undefined) {
      makeParents(parent, mode)
      entries.set(parent, {kind: 'directory', text: '', mode, uid})
    }
  }
  const below = (place: string) => [...entries.keys()].filter((each) => each === place || each.startsWith(`${place}/`))
  return {
    entries,
    async read(file) {
      const entry = entries.get(file)
      return entry?.kind === 'file' ? entry.text : undefined
    },
    async readFrom(file, offset) {
      const entry = entries.get(file)
      if (entry?.kind !== 'file') return undefined
      const start = offset < 0 ? Math.max(0, entry.text.length + offset) : offset
      return {text: entry.text.slice(start), end: entry.text.length}
    },
    async write(file, text, options) {
      const put = (place: string) => {
        makeParents(place, 0o755)
        entries.set(place, {kind: 'file', text, mode: options?.mode ?? 0o644, uid})
      }
      try {
        beforeChange(`write ${file}`)
      } catch (error) {
        if (error instanceof Killed && error.strikes) put(unfinishedFile(file))
        throw error
      }
      put(file)
    },
    async append(file, text) {
      beforeChange(`append ${file}`)
      makeParents(file, 0o755)
      entries.set(file, {
        kind: 'file',
        mode: 0o644,
        uid,
        ...entries.get(file),
        text: (entries.get(file)?.text ?? '') + text,
      })
    },
    async makeDirectory(directory, options) {
      beforeChange(`make ${directory}`)
      makeParents(directory, options?.mode ?? 0o755)
      if (!entries.has(directory))
        entries.set(directory, {kind: 'directory', text: '', mode: options?.mode ?? 0o755, uid})
    },
    async setMode(file, mode) {
      const entry = entries.get(file)
      if (entry === undefined) throw new Error(`no ${file}`)
      if (entry.mode === mode) return
      beforeChange(`mode ${file}`)
      entries.set(file, {...entry, mode})
    },
    async remove(file) {
      const doomed = below(file)
      if (doomed.length === 0) return
      beforeChange(`remove ${file}`)
      for (const each of doomed) entries.delete(each)
    },
    async list(directory) {
      if (entries.get(directory)?.kind !== 'directory') return undefined
      const children = below(directory).filter((each) => each !== directory && path.posix.dirname(each) === directory)
      return children.map((each) => path.posix.basename(each)).sort()
    },
    async stat(file): Promise<FileFacts | undefined> {
      const entry = entries.get(file)
      return entry === undefined
        ? undefined
        : {kind: entry.kind, sizeBytes: entry.text.length, mode: entry.mode, uid: entry.uid, modifiedMs: 0}
    },
    async rename(from, to) {
      beforeChange(`rename ${from}`)
      for (const each of below(from)) {
        const entry = entries.get(each)
        entries.delete(each)
        if (entry !== undefined) entries.set(to + each.slice(from.length), entry)
      }
    },
    realPath: (file) => Promise.resolve(file),
    readBytes: async (file, offset, length) =>
      Buffer.from(entries.get(file)?.text ?? '').subarray(offset, offset + length),
    readPlainBytes(...asked) {
      return this.readBytes(...asked)
    },
    async appendBytes(file, bytes) {
      await this.append(file, Buffer.from(bytes).toString())
    },
    setModified: () => Promise.resolve(),
    freeBytes: () => Promise.resolve(freeBytes()),
  }
}
