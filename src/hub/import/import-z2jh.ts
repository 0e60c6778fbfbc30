import {definedOnly} from '../../defined-only.js'
import {parseClusterName} from '../../hub-spec/place/cluster-name.js'
import {exportSettings} from '../../engines/choose-engine.js'
import type {HubContext} from '../session/hub-context.js'
import {findExportedSpec, importValues} from '../../hub-spec/import/z2jh/import-values.js'
import type {ValuesText} from '../../hub-spec/import/z2jh/reading/read-values.js'
import type {Keys} from '../../hub-spec/import/take-keys.js'
import {parseHubSpec} from '../../hub-spec/parse-hub-spec.js'
import {renderYaml} from '../../hub-spec/document/yaml-text.js'
import {secretNeeded} from '../../hub-spec/auth/auth-spec.js'
import {shellWord} from '../../hub-spec/shell-word.js'
import {requireNoSpec, saveNewSpec, type NewSpec} from '../session/spec/save-new-spec.js'
import {defaultHubName} from '../session/spec/spec-store.js'

export interface ImportOptions {
  /** Values files in helm's order: the later wins. */
  readonly values: readonly ValuesText[]
  /** As `k8s.cluster` has it; absent where nobody said. */
  readonly cluster?: string | undefined
  /** Asks for the cluster where nobody said, once the rest is seen to be right. */
  readonly askCluster: () => Promise<string | undefined>
}

export interface ImportResult extends NewSpec {
  /** What \`jhub auth secret\` has to give before people can sign in: \`the client secret\`. */
  readonly secret: string | null
  /** What was left out or means something else now. */
  readonly notes: readonly string[]
}

/**
 * A spec from the values of a Zero to JupyterHub chart. Never over one that is there: `JHUB-E402`. Throws `JHUB-E100` for a
 * word that is no cluster, `JHUB-E101` for a file that is no values file.
 */
export async function importZ2jh(context: HubContext, options: ImportOptions): Promise<ImportResult> {
  const {values, askCluster} = options
  if (options.cluster !== undefined) parseClusterName(options.cluster)
  const spec = findExportedSpec(values)
  const from = values.map(({name: file}) => file)
  const elsewhere = `jhub import z2jh ${from.map(shellWord).join(' ')} --file ANOTHER`
  await requireNoSpec(context, elsewhere)
  const cluster = options.cluster ?? (await askCluster())
  const exported = spec === undefined ? {} : {exported: {document: spec, values: await valuesOf(spec)}}
  const name = context.asked.name ?? (typeof spec?.['name'] === 'string' ? spec['name'] : defaultHubName)
  const {document, notes} = importValues(values, {name, ...exported, ...definedOnly({cluster})})
  const source = `# From ${from.join(', ')}, by \`jhub import z2jh\`.\n${renderYaml(document)}`
  const saved = await saveNewSpec(context, source, elsewhere)
  return {...saved, secret: secretNeeded(parseHubSpec(source).auth) ?? null, notes}
}

/** What an export of a spec writes now. */
async function valuesOf(document: Keys): Promise<Keys> {
  return exportSettings(parseHubSpec(renderYaml(document)))
}
