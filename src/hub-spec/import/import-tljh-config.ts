import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import {parseServerCpu, parseServerMemory} from '../limits/least-limits.js'
import {formatCpu, formatDuration, formatMemory, parseDuration} from '../limits/quantity.js'
import {closedNotes} from './sign-in/read-sign-in.js'
import {takeKeys, type Keys, type Take} from './take-keys.js'
import {takeAccess} from './tljh-access.js'
import {takeAuth} from './tljh-auth.js'
import {takePackages, type TljhPackage} from './tljh-packages.js'
import {takePeople, type TakenPeople, type TljhHome, type TljhUser} from './tljh-people.js'
import {isOn, oddSwitch, pathsOf, wordOf, type Taken} from './tljh-words.js'
import {fitSpec} from './z2jh/fit-spec.js'
import {didYouMean} from '../document/nearest.js'
import {settingMeant} from './tljh-settings.js'
import {readYamlMap, renderCompactYaml} from '../document/yaml-text.js'

export interface TljhFound {
  /** As `/opt/tljh`. */
  readonly directory: string
  readonly configFile: string
  /** The text of `config.yaml`. */
  readonly config: string
  /** Of the hub's database; empty where it could not be read. */
  readonly users: readonly TljhUser[]
  /** Of the environment of its servers. */
  readonly packages?: readonly TljhPackage[]
  /** What jhub itself installs, by normal names. */
  readonly own?: ReadonlySet<string>
}

export interface TljhImport {
  /** The text of a `jhub.yaml`. */
  readonly source: string
  /** What has no counterpart or means something else now, one sentence each. */
  readonly notes: readonly string[]
  readonly homes: readonly TljhHome[]
}

/**
 * A spec out of The Littlest JupyterHub's configuration. Every key is taken over or told; what would make the hub less safe
 * is left out. Values of keys that may hold secrets are in neither the spec nor the notes. Throws `JHUB-E101`.
 */
export function importTljhConfig(
  {directory, configFile, config, users, packages = [], own = new Set()}: TljhFound,
  name: string,
): TljhImport {
  const {take, rest} = takeKeys(readYamlMap(config, configFile, {values: 'text', mayBeEmpty: true}))
  const auth = takeAuth(take)
  const people = takePeople(take, users, auth.people)
  const signIn = fitSignIn(auth.keys, people)
  const sections: readonly (readonly [string, Taken])[] = [
    ['http and https', takeAccess(take)],
    ['auth', signIn],
    ["users.admin, users.allowed and users.extra_user_groups; the users of TLJH's hub", people],
    ['limits.memory and limits.cpu, for everybody', takeLimits(take)],
    ['services.cull.timeout', takeIdle(take)],
    [`what is installed in ${directory}/user beside JupyterLab`, takePackages(packages, own)],
  ]
  const notes = [...auth.notes, ...sections.flatMap(([, taken]) => taken.notes), ...takeRest(take, rest)]
  const head = `# From The Littlest JupyterHub in ${directory}, by \`jhub import tljh\`. \`jhub plan\` says what \`jhub up\` will do.\n`
  const parts = sections.flatMap(([from, {keys}]) =>
    Object.keys(keys).length === 0 ? [] : [`\n# ${from}\n${renderCompactYaml(keys)}`],
  )
  const source = `${head}${renderCompactYaml({version: 1, name, mode: 'vm', vm: {machine: 'host'}})}${parts.join('')}`
  const noPackages = packages.length === 0 ? [packagesUnknown] : []
  return {source, notes: [...notes, ...noPackages, ...always], homes: people.homes}
}

/** What of a sign-in a spec can have. Where somebody is banned, no rule is taken over that might let them in. */
function fitSignIn(auth: Keys, {banned}: TakenPeople): Taken {
  if (Object.keys(auth).length === 0) return {keys: {}, notes: []}
  const isNarrowed = banned.length > 0 && auth['allow'] !== undefined
  const {allow, ...others} = auth
  const wanted = isNarrowed || allow === undefined ? others : auth
  const {document, leftOut, unwritten} = fitSpec({version: 1, name: 'tljh', mode: 'vm', auth: wanted})
  return {
    keys: document['auth'] === undefined ? {} : {auth: document['auth']},
    notes: [
      ...(isNarrowed ? [`auth.allow is left out: it might let in who is banned (${banned.join(', ')}).`] : []),
      ...leftOut.map(({path, problem}) => `${path.join('.')}: ${problem}; left out.`),
      ...unwritten,
      ...closedNotes(document['auth']),
    ],
  }
}

const packagesUnknown =
  "Packages of TLJH's servers were not found, so none are imported. `pip freeze` writes them to a file on TLJH's machine: jhub import tljh --requirements FILE"

const always = [
  "TLJH's admins may use sudo on the machine; here they may not, unless the settings file says vm: {adminSudo: true}.",
]

function takeLimits(take: Take): Taken {
  const memory = quantity(take, ['limits', 'memory'], (text) => formatMemory(parseServerMemory(text)))
  const cpu = quantity(take, ['limits', 'cpu'], (text) => Number(formatCpu(parseServerCpu(text))))
  const limits = definedOnly({memory: memory.value, cpu: cpu.value})
  return {
    keys: Object.keys(limits).length === 0 ? {} : {limits: {default: limits}},
    notes: [...memory.notes, ...cpu.notes],
  }
}

/** TLJH stops servers after ten minutes, unless told otherwise. */
function takeIdle(take: Take): Taken {
  const cull = (key: string) => take('services', 'cull', key)
  const enabled = cull('enabled')
  const isOff = enabled !== undefined && !isOn(enabled)
  const timeout = quantity(take, ['services', 'cull', 'timeout'], (text) =>
    formatDuration(parseDuration(/^\d+$/.test(text) ? `${text}s` : text)),
  )
  const others = ['every', 'concurrency'].filter((key) => wordOf(cull(key)) !== undefined)
  const wishes = [
    {
      is: isOn(cull('users')),
      note: 'services.cull.users is left out: jhub stops idle servers, and never removes people.',
    },
    {
      is: !['0', undefined].includes(wordOf(cull('max_age'))),
      note: 'services.cull.max_age is left out: jhub stops only idle servers.',
    },
    {
      is: isOn(cull('remove_named_servers')),
      note: 'services.cull.remove_named_servers is left out: a stopped server stays in the list.',
    },
  ]
  return {
    keys: {idle: {after: isOff ? 'never' : (timeout.value ?? '10m')}},
    notes: [
      ...oddSwitch('services.cull.enabled', enabled, 'idle servers are stopped'),
      ...timeout.notes,
      ...others.map((key) => `services.cull.${key} is left out: jhub decides how often it looks for idle servers.`),
      ...wishes.filter(({is}) => is).map(({note}) => note),
    ],
  }
}

function takeRest(take: Take, rest: () => Readonly<Record<string, unknown>>): readonly string[] {
  const app = wordOf(take('user_environment', 'default_app')) ?? 'jupyterlab'
  const traefik = take('traefik_api')
  const configurator = take('services', 'configurator', 'enabled')
  return [
    ...(app === 'jupyterlab' ? [] : [`user_environment.default_app ${app} is left out: people start in JupyterLab.`]),
    ...(traefik === undefined ? [] : ['traefik_api is left out: jhub uses another proxy, with its own secret.']),
    ...(isOn(configurator)
      ? [
          'services.configurator is left out: the settings of a hub are in its settings file; `jhub config edit` opens it.',
        ]
      : []),
    ...pathsOf(rest()).flatMap((path) => untaken(path, take(...path.split('.')))),
  ]
}

/** These hold other keys; TLJH writes one without any as `limits:`. */
const withKeys = ['users', 'limits', 'services', 'services.cull', 'user_environment', 'http', 'https', 'auth']

function untaken(path: string, value: unknown): readonly string[] {
  if (!withKeys.includes(path)) {
    return [`${path} is not a setting of TLJH that jhub knows: left out.${didYouMean(settingMeant(path))}`]
  }
  if (wordOf(value) === undefined) return []
  return [
    `${path} has no keys in it, as TLJH needs them: left out${path === 'users' ? `, with the people it names` : ''}.`,
  ]
}

/** What a key says, or that it cannot be read. */
function quantity<T>(
  take: Take,
  path: readonly string[],
  read: (text: string) => T,
): {readonly value?: T; readonly notes: readonly string[]} {
  const text = wordOf(take(...path))
  if (text === undefined) return {notes: []}
  try {
    return {value: read(text), notes: []}
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    return {notes: [`${path.join('.')}: ${error.message}; left out.`]}
  }
}
