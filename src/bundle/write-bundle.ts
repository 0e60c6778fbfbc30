import path from 'node:path'
import type {Host} from '../host/host.js'
import type {BundledFile, ClusterManifest, MachineManifest, Manifest} from './manifest.js'
import {manifestName} from './part-names.js'

/** A manifest without what is known only when the bundle is written. */
export type BundleFacts<Known extends keyof Manifest> = Omit<MachineManifest, Known> | Omit<ClusterManifest, Known>

export interface BundleToWrite {
  readonly manifest: BundleFacts<'files' | 'format'>
  /** Where on this computer each file is, by its name in the bundle. */
  readonly files: ReadonlyMap<string, string>
  /** The file to write. */
  readonly output: string
}

/** Writes a bundle in one piece: a tar whose first file names all others with their digests. Gives its size in bytes. */
export async function writeBundle(
  {files: local, archives, checksums}: Pick<Host, 'files' | 'archives' | 'checksums'>,
  {manifest, files, output}: BundleToWrite,
  signal: AbortSignal,
): Promise<number> {
  const listed: BundledFile[] = []
  for (const [name, place] of files) {
    const [facts, digest] = await Promise.all([local.stat(place), checksums.of(place)])
    listed.push({name, bytes: facts?.sizeBytes ?? 0, sha256: digest?.replace('sha256:', '') ?? ''})
  }
  const text = `${JSON.stringify({format: 2, ...manifest, files: listed} satisfies Manifest, undefined, 2)}\n`
  const partial = path.join(path.dirname(output), `.${path.basename(output)}.partial`)
  try {
    const entries = [{name: manifestName, text}, ...[...files].map(([name, place]) => ({name, path: place}))]
    await archives.writeTar(partial, entries, signal)
    await local.rename(partial, output)
  } finally {
    await local.remove(partial)
  }
  return (await local.stat(output))?.sizeBytes ?? 0
}
