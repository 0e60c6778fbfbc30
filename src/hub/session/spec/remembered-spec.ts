import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {deserialize, serialize} from 'node:v8'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {HubContext} from '../hub-context.js'

interface Remembered {
  /** What it was read from, and by which build of jhub. */
  readonly of: string
  readonly spec: HubSpec
}

/**
 * The spec of a file's text. It is kept below the cache directory: to read and check a spec takes longer than what a short command
 * does with it, and it is the same until the file or jhub changes. Throws `JHUB-E101` as `readStored` does.
 */
export async function readRemembered(context: HubContext, file: string, source: string): Promise<HubSpec> {
  const {host, directories} = context
  const build = await host.files.stat(fileURLToPath(import.meta.url))
  const place = path.join(directories.cache, 'specs', nameOf(file))
  const of = build === undefined ? undefined : JSON.stringify([build.modifiedMs, build.sizeBytes, file, source])
  const found = of === undefined ? undefined : await recall(context, place)
  if (found !== undefined && found.of === of) return found.spec
  const {readStored} = await import('./read-stored.js')
  const {spec} = readStored(file, source)
  if (of !== undefined) await remember(context, place, {of, spec})
  return spec
}

/** Only what this account alone could have written: somebody else's would be their hub. */
async function recall({host}: HubContext, place: string): Promise<Remembered | undefined> {
  try {
    const facts = await host.files.stat(place)
    if (facts?.kind !== 'file' || facts.uid !== host.system.uid || (facts.mode & 0o022) !== 0) return undefined
    const text = await host.files.read(place)
    return text === undefined ? undefined : (deserialize(Buffer.from(text, 'base64')) as Remembered)
  } catch {
    return undefined
  }
}

/** A disk that is full, or a home that cannot be written, costs the next command some time, and nothing else. */
async function remember({host}: HubContext, place: string, remembered: Remembered): Promise<void> {
  const text = serialize(remembered).toString('base64')
  await host.files
    .makeDirectory(path.dirname(place), {mode: 0o700})
    .then(() => host.files.write(place, text, {mode: 0o600}))
    .catch(() => undefined)
}

/** Two files may share one place: what it was read from tells them apart. A digest would take longer to load than the copy to read. */
function nameOf(file: string): string {
  return encodeURIComponent(file.toWellFormed()).slice(-120)
}
