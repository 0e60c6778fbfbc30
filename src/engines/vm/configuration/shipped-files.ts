import type {Files} from '../../../host/files/files.js'
import {hubAssets} from '../../hub-assets.js'
import {readAssets} from '../../read-assets.js'
import {digestOfFiles, fileSet, type FileSet} from '../../own-files.js'
import {hubAwayPage, proxyStarter} from './proxy-files.js'

const ofHub = [
  ...hubAssets,
  'vm/jhub_accounts.py',
  'vm/jhub_admin_rights.py',
  'vm/jhub_adoption.py',
  'vm/jhub_ask_once.py',
  'vm/jhub_cgroups.py',
  'vm/jhub_environments.py',
  'vm/jhub_fork_services.py',
  'vm/jhub_kernel_provisioner.py',
  'vm/jhub_kernels.py',
  'vm/jhub_mirror.py',
  'vm/jhub_network.py',
  'vm/jhub_places.py',
  'vm/jhub_prefork.py',
  'vm/jhub_preload.py',
  'vm/jhub_process_spawner.py',
  'vm/jhub_proxy.py',
  'vm/jhub_same_code.py',
  'vm/jhub_sandbox.py',
  'vm/jhub_sockets.py',
  'vm/jhub_systemd_spawner.py',
  'vm/jhub_unit_end.py',
  'vm/jupyterhub_config.py',
]

/** What this jhub ships for a hub on a machine, apart from packages. */
export interface ShippedFiles {
  readonly hub: FileSet
  /** The program that starts the proxy, and the page for while the hub does not answer. */
  readonly proxy: FileSet
  /** Twelve hex digits; changes with any of the files. */
  readonly digest: string
}

/** Gives them below `assets`, read once: each step of a command asks for them. Throws `JHUB-E001` when this copy of jhub lacks one. */
export function shippedFiles(local: Files, assets: string): () => Promise<ShippedFiles> {
  let known: Promise<ShippedFiles> | undefined
  return () => (known ??= readShippedFiles(local, assets))
}

async function readShippedFiles(local: Files, assets: string): Promise<ShippedFiles> {
  const read = async (names: readonly string[]) => fileSet(await readAssets(local, assets, names))
  const [hub, proxy] = await Promise.all([read(ofHub), read([`vm/${proxyStarter}`, `vm/${hubAwayPage}`])])
  const digests = {hub: hub.digest, proxy: proxy.digest}
  return {hub, proxy, digest: digestOfFiles(new Map(Object.entries(digests)))}
}
