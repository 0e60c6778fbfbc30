import path from 'node:path'
import {JhubError} from '../../../errors.js'
import {removeUnfinished} from '../../../host/files/unfinished-file.js'
import type {HubContext} from '../hub-context.js'
import type {StoredSpec} from './read-stored.js'
import {readRemembered} from './remembered-spec.js'

export const defaultHubName = 'jhub'

export interface LocatedSpec {
  readonly file: string
  readonly exists: boolean
}

/**
 * Where the spec is: `--file`; else the config directory's `NAME.yaml` of `--name`; else `./jhub.yaml`; else the config
 * directory's `jhub.yaml`, or the only other one there. Throws `JHUB-E305` where several others are there.
 */
export async function locateSpec(context: HubContext): Promise<LocatedSpec> {
  const usual = await locateNewSpec(context)
  const {file, name} = context.asked
  if (usual.exists || file !== undefined || name !== undefined) return usual
  const names = await namedHubs(context)
  const [only] = names
  if (only === undefined) return usual
  if (names.length > 1)
    throw new JhubError('JHUB-E305', `There are several hubs here: ${names.join(', ')}`, {
      fix: [...names.map((each) => `Run the same command with --name ${each}`), 'jhub list'],
      details: {hubs: names},
    })
  return {file: namedFile(context, only), exists: true}
}

/** Where the spec of a new hub is made, whatever other hubs are there. */
export async function locateNewSpec(context: HubContext): Promise<LocatedSpec> {
  const {host, asked} = context
  const local = path.resolve(asked.currentDirectory, 'jhub.yaml')
  const isThere = async (file: string) => (await host.files.stat(file)) !== undefined
  if (asked.file !== undefined) {
    const file = path.resolve(asked.currentDirectory, asked.file)
    return {file, exists: await isThere(file)}
  }
  if (asked.name === undefined && (await isThere(local))) return {file: local, exists: true}
  const file = namedFile(context, asked.name ?? defaultHubName)
  return {file, exists: await isThere(file)}
}

/** Names under which `--name` finds a hub, sorted. */
export async function namedHubs({host, directories}: HubContext): Promise<readonly string[]> {
  const entries = (await host.files.list(directories.config)) ?? []
  return entries.flatMap((entry) => /^([^.].*)\.yaml$/.exec(entry)?.[1] ?? [])
}

export function namedFile({directories}: HubContext, name: string): string {
  return path.join(directories.config, `${name}.yaml`)
}

/** The spec as it stands. Throws `JHUB-E301` when there is none, `JHUB-E101` with every problem at once. */
export async function loadSpec(context: HubContext): Promise<StoredSpec> {
  const {file} = await locateSpec(context)
  const source = await context.host.files.read(file)
  if (source === undefined) {
    throw new JhubError('JHUB-E301', `There is no settings file at ${file}`, {fix: ['jhub up', 'jhub init']})
  }
  return {file, source, spec: await readRemembered(context, file, source)}
}

/** Writes the settings file, whose lock is held, and removes what a killed jhub left beside it. */
export async function saveSpec({host: {files}}: HubContext, {file, source}: StoredSpec): Promise<void> {
  const before = await files.stat(file)
  await files.write(file, source, {mode: before === undefined ? 0o644 : before.mode & 0o777})
  await removeUnfinished(files, [file])
}
