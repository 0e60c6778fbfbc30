import {JhubError} from '../errors.js'
import type {LocalFiles} from '../host/files/files.js'
import {requirePlainFile} from '../host/files/require-plain-file.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'

/** The person's own Python for the hub. Throws `JHUB-E301` when the spec names what is not there, or is no file. */
export async function readExtraConfig(files: LocalFiles, {hub}: Pick<HubSpec, 'hub'>): Promise<string | undefined> {
  if (hub.extraConfig === undefined) return undefined
  await requirePlainFile(files, hub.extraConfig)
  const text = await files.read(hub.extraConfig)
  if (text === undefined) {
    throw new JhubError(
      'JHUB-E301',
      `In the settings file, hub.extraConfig names ${hub.extraConfig}, and there is no such file`,
      {
        fix: 'jhub config edit',
      },
    )
  }
  return text
}
