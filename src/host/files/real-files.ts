import type {Stats} from 'node:fs'
import {execFile} from 'node:child_process'
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  statfs,
  utimes,
  type FileHandle,
} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {JhubError} from '../../errors.js'
import type {FileFacts, LocalFiles} from './files.js'
import {openPlain} from './open-plain.js'
import {unfinishedFile} from './unfinished-file.js'

/** The file system of this machine. Throws `JHUB-E202` where the account may not, `JHUB-E209` on a full disk. */
export const realFiles: LocalFiles = {
  read: (file) => absentIsUndefined(file, () => readFile(file, 'utf8')),
  list: (directory) => absentIsUndefined(directory, async () => (await readdir(directory)).sort()),
  stat: (file) => absentIsUndefined(file, () => readFacts(file)),
  write: (file, text, options) => translated(file, () => replace(file, text, options?.mode ?? 0o644)),
  append: (file, text) => translated(file, () => appendFile(file, text)),
  remove: (file) => translated(file, () => removeTree(file)),
  rename: (from, to) => translated(to, () => rename(from, to)),
  setMode: (file, mode) => translated(file, () => chmod(file, mode)),
  readFrom: (file, offset) => absentIsUndefined(file, () => readFrom(file, offset)),
  makeDirectory: (directory, options) => translated(directory, () => makeDirectories(directory, options?.mode)),
  freeBytes: (file) => translated(file, () => freeBytes(file)),
  realPath,
  readBytes: (file, offset, length) => translated(file, () => readBytes(open(file, 'r'), offset, length)),
  readPlainBytes: (file, offset, length) => translated(file, () => readBytes(openPlain(file), offset, length)),
  appendBytes: (file, bytes) => translated(file, () => appendBytes(file, bytes)),
  setModified: (file, modifiedMs) => translated(file, () => utimes(file, modifiedMs / 1000, modifiedMs / 1000)),
}

async function readBytes(opening: Promise<FileHandle>, offset: number, length: number): Promise<Uint8Array> {
  const handle = await opening
  try {
    const buffer = Buffer.alloc(length)
    const {bytesRead} = await handle.read(buffer, 0, length, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function appendBytes(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true})
  await appendFile(file, bytes)
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true})
  const temporary = unfinishedFile(file)
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(text)
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, {force: true})
    throw error
  }
}

/** The mode is what was asked for, whatever the umask of this account takes away; what is there already stays as it is. */
async function makeDirectories(directory: string, mode: number | undefined): Promise<void> {
  const first = await mkdir(directory, {recursive: true})
  if (first === undefined || mode === undefined) return
  for (let made = directory; made.length >= first.length; made = path.dirname(made)) await chmod(made, mode)
}

/** A tree may be deeper than a path can be long: `rm` goes down by directories, and follows no link either. */
async function removeTree(file: string): Promise<void> {
  try {
    // A program that a killed jhub left behind may still write there for a moment.
    await rm(file, {recursive: true, force: true, maxRetries: 20, retryDelay: 100})
  } catch (error) {
    if (codeOf(error) !== 'ENAMETOOLONG' && !(error instanceof RangeError)) throw error
    await promisify(execFile)('rm', ['-rf', '--', file]).catch((failure: unknown) => {
      throw notRemoved(file, failure)
    })
  }
}

/** `rm` names each file that it could not remove, with paths of any length. */
function notRemoved(file: string, failure: unknown): JhubError {
  const said = failure instanceof Error && 'stderr' in failure ? String(failure.stderr) : ''
  const [first = ''] = said.split('\n')
  return new JhubError('JHUB-E202', `${file} could not be removed: ${first.slice(0, 300)}`, {
    fix: `ls -ld ${path.dirname(file)}   # who owns it?`,
  })
}

async function readFacts(file: string): Promise<FileFacts> {
  const facts = await lstat(file)
  return {
    kind: kindOf(facts),
    sizeBytes: facts.size,
    mode: facts.mode & 0o7777,
    uid: facts.uid,
    modifiedMs: Math.floor(facts.mtimeMs),
  }
}

function kindOf(facts: Stats): FileFacts['kind'] {
  if (facts.isFile()) return 'file'
  if (facts.isDirectory()) return 'directory'
  return facts.isSymbolicLink() ? 'link' : 'other'
}

async function readFrom(file: string, offset: number): Promise<{text: string; end: number}> {
  const handle = await open(file, 'r')
  try {
    const {size} = await handle.stat()
    const start = offset < 0 ? Math.max(0, size + offset) : Math.min(offset, size)
    const buffer = Buffer.alloc(size - start)
    const {bytesRead} = await handle.read(buffer, 0, buffer.length, start)
    return {text: buffer.toString('utf8', 0, bytesRead), end: start + bytesRead}
  } finally {
    await handle.close()
  }
}

async function realPath(file: string): Promise<string> {
  const found = await absentIsUndefined(file, () => realpath(file))
  if (found !== undefined || path.dirname(file) === file) return found ?? file
  return path.join(await realPath(path.dirname(file)), path.basename(file))
}

async function freeBytes(file: string): Promise<number> {
  try {
    const facts = await statfs(file)
    return facts.bavail * facts.bsize
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && path.dirname(file) !== file) return freeBytes(path.dirname(file))
    throw error
  }
}

/** The last two: `/proc/PID/…` and control groups, whose process or group has gone since the file was opened. */
const absent: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ESRCH', 'ENODEV']

async function absentIsUndefined<T>(file: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (error) {
    if (absent.includes(codeOf(error))) return undefined
    throw translate(file, error)
  }
}

async function translated<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw translate(file, error)
  }
}

function translate(file: string, error: unknown): unknown {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new JhubError('JHUB-E202', `This account cannot use ${file}`, {
        cause: error,
        fix: `ls -ld ${path.dirname(file)}   # who owns it? JHUB_STATE_DIR and JHUB_DATA_DIR set other directories`,
      })
    case 'EISDIR':
      return new JhubError('JHUB-E202', `${file} is a directory, not a file`, {
        cause: error,
        fix: `ls ${file}   # name a file`,
      })
    case 'ELOOP':
      return new JhubError('JHUB-E202', `${file} is a link that points at itself`, {
        cause: error,
        fix: `ls -l ${file}`,
      })
    case 'ERR_INVALID_ARG_VALUE':
      return new JhubError('JHUB-E202', `${file} cannot be the name of a file`, {cause: error})
    case 'EEXIST':
    case 'ENOTDIR':
      return new JhubError('JHUB-E202', `${file} cannot be created: a file is in the way`, {cause: error})
    case 'ENOSPC':
    case 'EDQUOT':
      return new JhubError('JHUB-E209', `No space left on the disk for ${file}`, {
        cause: error,
        fix: `df -h ${path.dirname(file)}   # free up some space, then run the same command again`,
      })
    default:
      return error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
