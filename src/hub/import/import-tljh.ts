import path from 'node:path'
import {JhubError} from '../../errors.js'
import {lockedPackages} from '../../hub-spec/images/image-lock.js'
import {readFreeze, type TljhPackage} from '../../hub-spec/import/tljh-packages.js'
import {hostHomes} from '../../engines/choose-engine.js'
import {importTljhConfig} from '../../hub-spec/import/import-tljh-config.js'
import {secretNeeded} from '../../hub-spec/auth/auth-spec.js'
import {parseHubSpec} from '../../hub-spec/parse-hub-spec.js'
import {shellWord} from '../../hub-spec/shell-word.js'
import type {TljhHome} from '../../hub-spec/import/tljh-people.js'
import type {HubContext} from '../session/hub-context.js'
import {readForeignText, type Decode} from './read-foreign-text.js'
import {readTljhPackages} from './read-tljh-packages.js'
import {readTljhUsers} from './read-tljh-users.js'
import {renderHomeCopies} from './render-home-copies.js'
import {saveNewSpec, type NewSpec} from '../session/spec/save-new-spec.js'
import {defaultHubName} from '../session/spec/spec-store.js'

export interface TljhImportResult extends NewSpec {
  /** What \`jhub auth secret\` has to give before people can sign in: \`the client secret\`. */
  readonly secret: string | null
  /** What has no counterpart or means something else now. */
  readonly notes: readonly string[]
  readonly homes: readonly TljhHome[]
  /** What copies the homes, to be typed on the machine; the import itself copies nothing. */
  readonly copyHomes: string
}

export interface TljhImportOptions {
  readonly from: string
  /** What `pip freeze` wrote there, in place of the packages that are found. */
  readonly requirements?: string | undefined
  readonly decode: Decode
}

/**
 * A spec from an installation of The Littlest JupyterHub, which is only read. Throws `JHUB-E303` where there is none,
 * `JHUB-E202` where it may not be read, `JHUB-E402` over a spec that is there.
 */
export async function importTljh(context: HubContext, options: TljhImportOptions): Promise<TljhImportResult> {
  const {currentDirectory, name = defaultHubName} = context.asked
  const directory = path.resolve(currentDirectory, options.from)
  const found = await asPermitted(context, directory, () => readInstallation(context, directory, options.decode))
  const packages = await packagesOf(context, directory, options)
  const own = new Set(lockedPackages((await context.host.files.read(userLock(context))) ?? '').keys())
  const {source, notes, homes} = importTljhConfig({...found, packages, own}, name)
  const saved = await saveNewSpec(context, source, `${commandOf(options)} --file ANOTHER`)
  return {
    ...saved,
    secret: secretNeeded(parseHubSpec(source).auth) ?? null,
    notes: [...found.notes, ...notes],
    homes,
    copyHomes: renderHomeCopies(homes, await hostHomes(saved.hub)),
  }
}

function commandOf({from, requirements}: Pick<TljhImportOptions, 'from' | 'requirements'>): string {
  const more = requirements === undefined ? [] : ['--requirements', shellWord(requirements)]
  return ['jhub import tljh --from', shellWord(from), ...more].join(' ')
}

function userLock({assets}: HubContext): string {
  return path.join(assets, 'requirements', 'user.txt')
}

async function packagesOf(
  context: HubContext,
  directory: string,
  {requirements, decode}: TljhImportOptions,
): Promise<readonly TljhPackage[]> {
  const {files} = context.host
  if (requirements === undefined) return asPermitted(context, directory, () => readTljhPackages(files, directory))
  const file = path.resolve(context.asked.currentDirectory, requirements)
  const text = await readForeignText(files, file, decode)
  if (text === undefined)
    throw new JhubError('JHUB-E301', `There is no file ${file}`, {
      fix: `${directory}/user/bin/pip freeze > requirements.txt   # on the machine of TLJH`,
    })
  return readFreeze(text)
}

async function readInstallation(context: HubContext, directory: string, decode: Decode) {
  const {files} = context.host
  const configFile = path.join(directory, 'config', 'config.yaml')
  const config = await readForeignText(files, configFile, decode)
  if (config === undefined) {
    throw new JhubError('JHUB-E303', `The Littlest JupyterHub is not in ${directory}: there is no ${configFile}`, {
      fix: 'jhub import tljh --from DIRECTORY',
    })
  }
  const [{users, note}, ...extras] = await Promise.all([
    readTljhUsers(context.host, directory),
    ...extraPlaces.map(async ({place, ours, note}) => {
      const names = (await files.list(path.join(directory, ...place))) ?? []
      const extra = names.filter((each) => /\.(?:py|toml)$/.test(each) && !ours.includes(each))
      return extra.length === 0 ? [] : [`${path.posix.join(...place)} (${extra.join(', ')}) ${note}`]
    }),
  ])
  return {directory, configFile, config, users, notes: [...(note === undefined ? [] : [note]), ...extras.flat()]}
}

/** Where people put what `config.yaml` has no key for. */
const extraPlaces = [
  {
    place: ['config', 'jupyterhub_config.d'],
    ours: [],
    note: 'is left out. Put what you still need into one file, and name it in the settings file: hub: {extraConfig: FILE}.',
  },
  {place: ['config', 'traefik_config.d'], ours: [], note: 'is left out: jhub uses another proxy.'},
  {
    place: ['state', 'rules'],
    ours: ['dynamic.toml', 'rules.toml'],
    note: 'is left out: jhub uses another proxy.',
  },
]

/** What root could not read either. */
function isNoFile(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && ['EISDIR', 'ELOOP'].includes(String(cause.code))
}

async function asPermitted<T>(context: HubContext, directory: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof JhubError) || error.code !== 'JHUB-E202' || isNoFile(error.cause)) throw error
    throw new JhubError('JHUB-E202', `Only root can read ${directory}`, {
      cause: error,
      fix: `sudo ${context.command} --from ${shellWord(directory)}`,
    })
  }
}
