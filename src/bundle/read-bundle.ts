import {createHash} from 'node:crypto'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {JhubError, messageOf} from '../errors.js'
import type {TarFile} from '../host/files/archives/archives.js'
import type {Host} from '../host/host.js'
import {parseManifest, type BundledFile, type Manifest} from './manifest.js'
import {manifestName} from './part-names.js'

/** A bundle whose files are on this computer. */
export interface UnpackedBundle<M extends Manifest = Manifest> {
  readonly manifest: M
  readonly directory: string
}

const mostManifestBytes = 4 * 1024 ** 2

/** What a bundle says of itself; nothing else of it is read. Throws `JHUB-E231` for any other file. */
export function readManifest({archives}: Pick<Host, 'archives'>, file: string): Promise<Manifest> {
  return inWords(file, async () => {
    for await (const first of archives.readTar(file)) return manifestOf(first, file)
    throw damaged(file, 'it is empty')
  })
}

/**
 * Puts the files of a bundle into a directory, in place of whatever is there. Throws `JHUB-E231` when the bundle was cut short,
 * changed, or holds anything that its list does not name.
 */
export async function unpackBundle(
  {files: local, archives}: Pick<Host, 'files' | 'archives'>,
  file: string,
  directory: string,
  signal: AbortSignal,
): Promise<UnpackedBundle> {
  await local.remove(directory)
  await local.makeDirectory(directory, {mode: 0o700})
  let manifest: Manifest | undefined
  const missing = new Map<string, BundledFile>()
  await inWords(
    file,
    async () => {
      for await (const entry of archives.readTar(file)) {
        signal.throwIfAborted()
        if (manifest === undefined) {
          manifest = await manifestOf(entry, file)
          for (const each of manifest.files) missing.set(each.name, each)
          continue
        }
        const listed = missing.get(entry.name)
        if (listed?.bytes !== entry.sizeBytes) throw damaged(file, `${entry.name} is not in the bundle's own list`)
        const digest = await writeOut(local, path.join(directory, listed.name), entry.bytes)
        if (digest !== listed.sha256) throw damaged(file, `${listed.name} was changed or damaged`)
        missing.delete(listed.name)
      }
    },
    signal,
  )
  const [absent] = missing.keys()
  if (manifest === undefined || absent !== undefined) throw damaged(file, `${absent ?? manifestName} is missing`)
  return {manifest, directory}
}

/** Gives the sha256 of what was written, in hex. */
async function writeOut(local: Host['files'], file: string, parts: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of parts) {
    hash.update(bytes)
    await local.appendBytes(file, bytes)
  }
  return hash.digest('hex')
}

async function manifestOf({name, sizeBytes, bytes}: TarFile, file: string): Promise<Manifest> {
  if (name !== manifestName || sizeBytes > mostManifestBytes) throw damaged(file, `${manifestName} does not come first`)
  return parseManifest(await text(bytes), file)
}

/** What is wrong with the file itself becomes a sentence; what is wrong with this computer stays as it is. */
async function inWords<T>(file: string, read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof JhubError || signal?.aborted === true) throw error
    if (isMissing(error))
      throw new JhubError('JHUB-E231', `There is no file ${file}`, {fix: `ls ${path.dirname(file)}`})
    throw damaged(file, messageOf(error))
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ENOENT' &&
    'syscall' in error &&
    error.syscall === 'open'
  )
}

function damaged(file: string, why: string): JhubError {
  return new JhubError('JHUB-E231', `${file} is not a complete bundle: ${why}`, {
    fix: 'Copy it again, or create it again: jhub bundle create',
  })
}
