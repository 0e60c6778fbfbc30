import path from 'node:path'
import {JhubError} from '../../errors.js'
import {exportChart} from '../../engines/choose-engine.js'
import {withSpec} from '../../hub-spec/import/z2jh/exported-spec.js'
import {secretNeeded} from '../../hub-spec/auth/auth-spec.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {parseHubDocument} from '../../hub-spec/parse-hub-spec.js'
import {renderHelmYaml} from '../../hub-spec/document/yaml-text.js'
import type {HubContext} from '../session/hub-context.js'
import {loadSpec} from '../session/spec/spec-store.js'

export interface ExportResult {
  /** Where the values were written; `null`: they are only given here. */
  readonly file: string | null
  readonly values: string
  readonly commands: readonly string[]
  /** What the hub does not have without jhub. */
  readonly notes: readonly string[]
}

/** The same hub without jhub: values of the official chart, and what is typed with them. Never over a file that is there. */
export async function exportZ2jh(context: HubContext, options: {readonly output?: string}): Promise<ExportResult> {
  const {files} = context.host
  const {spec, source} = await loadSpec(context)
  const exported = await exportChart(files, context.assets, spec)
  const values = withSpec(exported.values, parseHubDocument(source))
  const file = options.output === undefined ? null : path.resolve(context.asked.currentDirectory, options.output)
  const commands = exported.commands(file ?? 'values.yaml')
  const notes = withoutImages(exported.imagesLeftOut)
  const text = `${header(commands, [howPeopleComeIn(spec, exported.secretFile), ...notes])}\n${renderHelmYaml(values)}`
  if (file === null) return {file, values: text, commands, notes}
  if ((await files.stat(file)) !== undefined)
    throw new JhubError('JHUB-E402', `${file} already exists`, {fix: 'jhub export z2jh --output ANOTHER'})
  await files.write(file, text)
  return {file, values: text, commands, notes}
}

function withoutImages(names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const images = names.length === 1 ? 'The image' : 'The images'
  return [
    `${images} ${names.join(', ')} cannot be had without jhub. Those servers start from singleuser.image instead.`,
  ]
}

function howPeopleComeIn({auth}: HubSpec, secretFile: string): string {
  if (auth.method === 'password')
    return 'The chart makes the secrets. Nobody has a password until the last of these lines asks for one.'
  const secret = secretNeeded(auth)
  const file = secret === undefined ? '' : ` Write ${secret} into ${secretFile} first: no secret is in this file.`
  return `People of hub.config.Authenticator sign in as before.${file}`
}

function header(commands: readonly string[], notes: readonly string[]): string {
  return ['The same hub without jhub, on any cluster:', ...commands.map((command) => `  ${command}`), ...notes]
    .map((line) => `# ${line}`)
    .join('\n')
}
