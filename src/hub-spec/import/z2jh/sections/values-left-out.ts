import {isOwnFile, rivalSentences, traitsSet} from '../../../place/chart-conflicts.js'
import {codeInFile} from '../../../place/hub-code.js'
import {didYouMean, nearest} from '../../../document/nearest.js'
import type {Keys} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {chartKeys} from '../../../place/chart/chart-schema.js'
import {isRecord} from '../../../document/is-record.js'

type Path = readonly string[]

const noHook = 'is left out: a hook must be a Python function. One in hub.extraConfig runs after the limits are set.'

/** What jhub makes itself, or cannot be without what it guarantees about people. */
const reasons: readonly (readonly [Path, string])[] = [
  [['proxy', 'secretToken'], 'is left out: jhub makes its own, and keeps none in the settings file.'],
  [['hub', 'cookieSecret'], 'is left out: jhub makes its own, and keeps none in the settings file.'],
  [['hub', 'existingSecret'], 'is left out: jhub makes the secrets of the hub itself.'],
  [
    ['hub', 'config', 'ConfigurableHTTPProxy', 'auth_token'],
    'is left out: jhub makes its own, and keeps none in the settings file.',
  ],
  [
    ['hub', 'config', 'JupyterHub', 'cookie_secret'],
    'is left out: jhub makes its own, and keeps none in the settings file.',
  ],
  [['hub', 'config', 'CryptKeeper', 'keys'], 'is left out: the chart makes its own.'],
  [['hub', 'config', 'JupyterHub', 'spawner_class'], "is left out: jhub's own KubeSpawner starts servers."],
  [['hub', 'config', 'JupyterHub', 'db_url'], 'is left out: the hub keeps its own database on a volume.'],
  [['hub', 'config', 'Spawner', 'pre_spawn_hook'], noHook],
  [['hub', 'config', 'KubeSpawner', 'pre_spawn_hook'], noHook],
  [['hub', 'services', 'jhub'], "is left out: the name is that of jhub's own service."],
  [['custom', 'jhub'], 'is the settings file of a jhub of another version: left out.'],
  [['hub', 'loadRoles', 'jhub'], "is left out: the name is that of jhub's own role."],
]

export function leaveOut(importing: Importing): void {
  const {take, note} = importing
  for (const [path, reason] of reasons) if (isSaid(take(...path))) note(path, reason)
  if (take('hub', 'config', 'KubeSpawner', 'delete_pvc') === true)
    note(['hub', 'config', 'KubeSpawner', 'delete_pvc'], 'is left out: a removed person keeps the home.')
  leaveOutDatabase(importing)
  leaveOutPullSecret(importing)
  leaveOutOwnFiles(importing)
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** People and passwords are in the hub's database, which jhub keeps, copies and upgrades. */
function leaveOutDatabase({take, look, note}: Importing): void {
  const type = look('hub', 'db', 'type')
  const hasAddress = isSaid(look('hub', 'db', 'url'))
  if ((type === undefined || type === null || type === 'sqlite-pvc') && !hasAddress) return
  for (const key of ['type', 'url', 'password', 'upgrade']) take('hub', 'db', key)
  note(
    ['hub', 'db'],
    `${typeof type === 'string' ? `${type} ` : ''}is left out: the hub keeps its own database on a volume. Records of past logins and open sessions are not imported.`,
  )
}

const pullSecrets: readonly (readonly [Path, string])[] = [
  [['imagePullSecret'], 'create'],
  // Of charts before 0.10.
  [['hub', 'imagePullSecret'], 'enabled'],
  [['singleuser', 'imagePullSecret'], 'enabled'],
]

function leaveOutPullSecret(importing: Importing): void {
  for (const [path, isOn] of pullSecrets)
    if (importing.look(...path, isOn) === true) tellPullSecret(importing, path)
    else if (path.length > 1) importing.take(...path)
}

function tellPullSecret({take, note}: Importing, path: Path): void {
  const value = take(...path)
  const registry = isRecord(value) && typeof value['registry'] === 'string' ? value['registry'] : 'REGISTRY'
  note(
    path,
    `holds a password: left out. \`kubectl create secret docker-registry regcred --docker-server=${registry} --docker-username=NAME\`, then k8s.values: {imagePullSecrets: [{name: regcred}]}.`,
  )
}

/** Files that jhub writes into the hub, also as an export has them: another version of jhub has others. */
function leaveOutOwnFiles({take, look, note}: Importing): void {
  const files = look('hub', 'extraFiles')
  for (const [key, file] of isRecord(files) ? Object.entries(files) : []) {
    if (!isOwnFile(key, file)) continue
    take('hub', 'extraFiles', key)
    note(['hub', 'extraFiles', key], "is left out: the name or the place is that of jhub's own file.")
  }
}

/** Leaves out code that would take the place of jhub's own login, limits or servers; gives what one text, as old charts had it, is now. */
export function takeExtraConfig(importing: Importing): Keys {
  const {take, look, note} = importing
  const files = look('hub', 'extraFiles')
  for (const [key, file] of isRecord(files) ? Object.entries(files) : [])
    keepCode(importing, ['hub', 'extraFiles', key], codeInFile(file))
  const value = look('hub', 'extraConfig')
  if (typeof value === 'string') {
    if (value.trim() === '' || !keepCode(importing, ['hub', 'extraConfig'], value)) return {}
    note(['hub', 'extraConfig'], 'is one text, as old charts had it: it is hub.extraConfig.imported now.')
    take('hub', 'extraConfig')
    return {hub: {extraConfig: {imported: value}}}
  }
  for (const [key, text] of isRecord(value) ? Object.entries(value) : [])
    keepCode(importing, ['hub', 'extraConfig', key], text)
  return {}
}

/** Leaves out code that sets what jhub needs, and gives whether it stays; what it sets that the spec has keys for is named. */
function keepCode({take, note}: Importing, path: Path, text: unknown): boolean {
  const [trait] = traitsSet(text)
  if (trait === undefined) {
    for (const sentence of rivalSentences(text)) note(path, sentence)
    return true
  }
  take(...path)
  note(
    path,
    `sets ${trait}, which jhub needs for people and limits: left out. What else it does can be put back with \`jhub config edit\`.`,
  )
  return false
}

/** The values without keys that the chart does not have, each named; the chart would refuse them all. */
export function leaveOutUnknown(values: Keys, note: Importing['note']): Keys {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => {
      if (chartKeys.includes(key) || key === 'auth') return true
      const hint = didYouMean(nearest(key, chartKeys))
      if (value !== null && value !== undefined) note([key], `is not a value of the chart: left out.${hint}`)
      return false
    }),
  )
}
