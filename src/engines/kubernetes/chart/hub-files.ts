import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {hubAssets} from '../../hub-assets.js'
import {fileSet, type FileSet} from '../../own-files.js'
import {readAssets} from '../../read-assets.js'
import {authorityName, readAuthority} from '../../../jupyterhub/tls/sign-in-authority.js'

const shipped = [
  ...hubAssets,
  'k8s/jhub_common.py',
  'k8s/jhub_kubernetes.py',
  'k8s/jhub_pod_events.py',
  'k8s/jhub_pod_watch.py',
  'k8s/jhub_start.py',
  'k8s/jupyterhub_config.py',
]

/** What the hub reads besides its chart, by name. Throws `JHUB-E301` when the spec names an authority that is not there. */
export async function readHubFiles(
  files: Files,
  {texts}: FileSet,
  {auth}: Pick<HubSpec, 'auth'>,
): Promise<ReadonlyMap<string, string>> {
  const authority = await readAuthority(files, auth)
  return authority === undefined ? texts : new Map([...texts, [authorityName, authority]])
}

/** The files of jhub's own for a hub in a cluster. Throws `JHUB-E001` when this copy of jhub lacks one. */
export async function readShippedFiles(files: Files, assets: string): Promise<FileSet> {
  return fileSet(await readAssets(files, assets, shipped))
}

/** Gives them, read once: each step of a command asks for them. */
export function shippedFiles(files: Files, assets: string): () => Promise<FileSet> {
  let known: Promise<FileSet> | undefined
  return () => (known ??= readShippedFiles(files, assets))
}
