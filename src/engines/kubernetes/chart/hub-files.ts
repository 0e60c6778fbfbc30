import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {hubAssets} from '../../hub-assets.js'
import {authorityName, readAuthority} from '../../../jupyterhub/sign-in-authority.js'

const shipped = [...hubAssets, 'k8s/jhub_kubernetes.py', 'k8s/jupyterhub_config.py']

/** What the hub reads besides its chart, by name. Throws `JHUB-E301` when the spec names an authority that is not there. */
export async function readHubFiles(
  files: Files,
  assets: string,
  {auth}: Pick<HubSpec, 'auth'>,
): Promise<ReadonlyMap<string, string>> {
  const texts = await readShippedFiles(files, assets)
  const authority = await readAuthority(files, auth)
  return authority === undefined ? texts : new Map([...texts, [authorityName, authority]])
}

/** The files of jhub's own that a hub in a cluster is given, by name. Throws `JHUB-E001` when this copy of jhub lacks one. */
export async function readShippedFiles(files: Files, assets: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const name of shipped) {
    const file = path.join(assets, name)
    const text = await files.read(file)
    if (text === undefined)
      throw new JhubError('JHUB-E001', `${file} is missing: this copy of jhub is not whole`, {
        fix: 'Install jhub again.',
      })
    texts.set(path.basename(name), text)
  }
  return texts
}

/** The person's own Python for the hub. Throws `JHUB-E301` when the spec names a file that is not there. */
export async function readExtraConfig(files: Files, {hub}: HubSpec): Promise<string | undefined> {
  if (hub.extraConfig === undefined) return undefined
  const text = await files.read(hub.extraConfig)
  if (text === undefined) {
    throw new JhubError('JHUB-E301', `The spec's hub.extraConfig names ${hub.extraConfig}, and there is no such file`, {
      fix: 'jhub config edit',
    })
  }
  return text
}
