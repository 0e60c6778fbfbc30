import path from 'node:path'
import {JhubError} from '../../errors.js'
import {importValues} from '../../hub-spec/import/import-values.js'
import {readYamlMap, renderYaml} from '../../hub-spec/yaml-text.js'
import type {HubContext} from '../session/hub-context.js'
import {saveNewSpec, type NewSpec} from '../session/save-new-spec.js'
import {defaultHubName} from '../session/spec-store.js'

export interface ImportResult extends NewSpec {
  /** What was left out or means something else now. */
  readonly notes: readonly string[]
}

/** A spec from the values of a Zero to JupyterHub chart. Never over one that is there: `JHUB-E402`. */
export async function importZ2jh(context: HubContext, options: {readonly values: string}): Promise<ImportResult> {
  const {currentDirectory, name} = context.asked
  const from = path.resolve(currentDirectory, options.values)
  const text = await context.host.files.read(from)
  if (text === undefined) throw new JhubError('JHUB-E301', `There is no file ${from}`)
  const {document, notes} = importValues(readYamlMap(text, from), name ?? defaultHubName)
  const source = `# From ${path.basename(from)}, by \`jhub import z2jh\`.\n${renderYaml(document)}`
  const saved = await saveNewSpec(context, source, `jhub import z2jh ${options.values} --file ANOTHER`)
  return {...saved, notes}
}
