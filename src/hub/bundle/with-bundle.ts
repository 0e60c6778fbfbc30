import type {HubContext} from '../session/hub-context.js'
import {bundlePlace} from './bundle-place.js'

export interface BundleGiven {
  /** Absent: everything comes from the internet. */
  readonly file?: string
  /** Then only what the bundle says of itself is read. */
  readonly dryRun: boolean
}

/** Does some work with a bundle in place of the internet. Throws `JHUB-E231` when it is not whole. */
export async function withBundle<T>(
  context: HubContext,
  {file, dryRun}: BundleGiven,
  work: (context: HubContext) => Promise<T>,
): Promise<T> {
  if (file === undefined) return work(context)
  const {host, signal, onEvent} = context
  // With it comes what checks a manifest, which takes a while to load.
  const {readManifest, unpackBundle} = await import('../../bundle/read-bundle.js')
  const directory = await bundlePlace(context)
  if (dryRun) return work({...context, bundle: {directory, manifest: await readManifest(host, file)}})
  onEvent({type: 'note', text: `Reading ${file}`})
  try {
    return await work({...context, bundle: await unpackBundle(host, file, directory, signal)})
  } finally {
    await host.files.remove(directory)
  }
}
