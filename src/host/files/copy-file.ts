import type {Files} from './files.js'

/** As much of a file as goes over at once. */
const chunkBytes = 4 * 1024 ** 2

/** Copies a file from one machine to another, in place of what is there. */
export async function copyFile(
  source: {readonly from: Files; readonly file: string},
  target: {readonly to: Files; readonly file: string},
  signal: AbortSignal,
): Promise<void> {
  const partial = `${target.file}.partial`
  await target.to.remove(partial)
  for (let offset = 0; ; offset += chunkBytes) {
    signal.throwIfAborted()
    const bytes = await source.from.readBytes(source.file, offset, chunkBytes)
    await target.to.appendBytes(partial, bytes)
    if (bytes.length < chunkBytes) break
  }
  await target.to.rename(partial, target.file)
}
