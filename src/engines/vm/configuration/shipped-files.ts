import path from 'node:path'
import type {Files} from '../../../host/files/files.js'
import {hubAssets} from '../../hub-assets.js'
import {readAsset} from '../packages/lock-files.js'
import {digestOfFiles} from '../../own-files.js'
import {hubAwayPage, proxyStarter} from './proxy-files.js'

const ofHub = [
  ...hubAssets,
  'vm/jhub_accounts.py',
  'vm/jhub_adoption.py',
  'vm/jhub_cgroups.py',
  'vm/jhub_environments.py',
  'vm/jhub_fork_services.py',
  'vm/jhub_network.py',
  'vm/jhub_places.py',
  'vm/jhub_prefork.py',
  'vm/jhub_preload.py',
  'vm/jhub_process_spawner.py',
  'vm/jhub_proxy.py',
  'vm/jhub_sandbox.py',
  'vm/jhub_sockets.py',
  'vm/jhub_systemd_spawner.py',
  'vm/jupyterhub_config.py',
]

/** What this jhub ships for a hub on a machine, apart from packages. */
export interface ShippedFiles {
  /** File name and text. */
  readonly hub: ReadonlyMap<string, string>
  /** The program that starts the proxy, and the page for while the hub does not answer. */
  readonly proxy: ReadonlyMap<string, string>
  /** Twelve hex digits; changes with any of the files. */
  readonly digest: string
}

/** Reads them below `assets`. Throws `JHUB-E001` when this copy of jhub lacks one. */
export async function readShippedFiles(local: Files, assets: string): Promise<ShippedFiles> {
  const readAll = async (names: readonly string[]) => {
    const texts = new Map<string, string>()
    for (const name of names) texts.set(path.basename(name), await readAsset(local, path.join(assets, name)))
    return texts
  }
  const hub = await readAll(ofHub)
  const proxy = await readAll([proxyStarter, hubAwayPage].map((name) => `vm/${name}`))
  return {hub, proxy, digest: digestOfFiles(new Map([...hub, ...proxy]))}
}
