import type {HubSpec} from '../hub-spec.js'
import {isRecord} from '../document/is-record.js'
import {codeInFile} from './hub-code.js'

/** What in `k8s.values` jhub sets itself, or what would take the place of it; one sentence each. */
export function chartConflicts({
  mode,
  k8s: {values},
  images,
}: Pick<HubSpec, 'mode' | 'k8s' | 'images'>): readonly string[] {
  if (mode !== 'k8s') return []
  const at = (...path: readonly string[]) =>
    path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), values)
  const entries = (...path: readonly string[]) => {
    const found = at(...path)
    return isRecord(found) ? Object.entries(found) : []
  }
  const code = [
    ...entries('hub', 'extraConfig').map(([key, text]) => [`extraConfig.${key}`, text] as const),
    ...entries('hub', 'extraFiles').map(([key, file]) => [`extraFiles.${key}`, codeInFile(file)] as const),
  ]
  return [
    ...noEffect
      .filter((path) => at(...path) !== undefined)
      .map((path) => `k8s.values.${path.join('.')} has no effect: jhub sets it after the chart does.`),
    ...hooks
      .filter((path) => at(...path) !== undefined)
      .map(
        (path) =>
          `k8s.values.${path.join('.')} is a text, and a hook is a function: no server would start. Set it in hub.extraConfig, where it runs after the limits are set.`,
      ),
    ...(at('hub', 'baseUrl') === undefined ? [] : ['k8s.values.hub.baseUrl is set by access.baseUrl: use that.']),
    ...(images.size > 0 && givesImage(at('singleuser', 'profileList'))
      ? [
          'k8s.values.singleuser.profileList gives images, which take the place of those in images:. Leave kubespawner_override.image out of it.',
        ]
      : []),
    ...ownNames
      .filter((path) => at(...path) !== undefined)
      .map(
        (path) =>
          `k8s.values.${path.join('.')} changes what jhub itself needs, under a name of its own. Take another name.`,
      ),
    ...entries('hub', 'extraFiles')
      .filter(([key, file]) => isOwnFile(key, file))
      .map(
        ([key]) => `k8s.values.hub.extraFiles.${key} takes the place of jhub's own file. Take another name and place.`,
      ),
    ...code.flatMap(([place, text]) =>
      traitsSet(text).map(
        (trait) => `k8s.values.hub.${place} sets ${trait} in place of jhub, which needs it for people and limits.`,
      ),
    ),
    ...code.flatMap(([place, text]) => rivalSentences(text).map((sentence) => `k8s.values.hub.${place} ${sentence}`)),
  ]
}

const noEffect = [
  ['hub', 'config', 'JupyterHub', 'authenticator_class'],
  ['hub', 'config', 'JupyterHub', 'spawner_class'],
  ['hub', 'config', 'Spawner', 'http_timeout'],
] as const

const hooks = ['Spawner', 'KubeSpawner'].map((name) => ['hub', 'config', name, 'pre_spawn_hook'] as const)

const ownNames = [
  ['hub', 'services', 'jhub'],
  ['hub', 'loadRoles', 'jhub'],
] as const

const ownPlaces = /^\/usr\/local\/etc\/jupyterhub\/(?:jhub(?:\/|$)|jupyterhub_config\.d\/(?:jupyterhub_config\.py)?$)/
const ownFiles = /^(?:jupyterhub_config_py|jhub_\w+_py|settings_json)$/

/** Whether an entry of `hub.extraFiles` has the name or the place of a file that jhub writes into the hub. */
export function isOwnFile(key: string, file: unknown): boolean {
  const place = isRecord(file) ? file['mountPath'] : undefined
  return ownFiles.test(key) || (typeof place === 'string' && ownPlaces.test(place))
}

/** The traits that jhub needs and a piece of configuration sets; it is run after jhub's own. */
export function traitsSet(text: unknown): readonly string[] {
  if (typeof text !== 'string') return []
  return ['authenticator_class', 'spawner_class', 'db_url'].filter((trait) =>
    new RegExp(`^[^#\\n]*\\b${trait}\\b["'\\]]*\\s*=(?!=)`, 'm').test(text),
  )
}

const rivals = [
  {traits: ['mem_limit', 'mem_guarantee', 'cpu_limit', 'cpu_guarantee'], own: 'limits', key: 'limits'},
  {traits: ['allow_all', 'allow_existing_users', 'allowed_users'], own: 'who can sign in', key: 'users and auth.allow'},
  {traits: ['admin_users'], own: 'admins', key: 'users'},
] as const

/** What a piece of configuration sets for all people (`c.KubeSpawner.mem_limit`) and the spec has keys for; a sentence each, without its subject. */
export function rivalSentences(text: unknown): readonly string[] {
  if (typeof text !== 'string') return []
  return rivals.flatMap(({traits, own, key}) => {
    const found = traits.filter((trait) => setsForAll(text, trait))
    return found.length === 0
      ? []
      : [`sets ${found.join(', ')}: jhub sets ${own} itself, from ${key} in the settings file. Write it there.`]
  })
}

function setsForAll(text: string, trait: string): boolean {
  return new RegExp(
    `^[^#\\n]*\\bc\\s*[.[][^#\\n=]*\\b${trait}\\b["'\\]]*\\s*(?:[|+]?=(?!=)|\\.(?:add|update)\\()`,
    'm',
  ).test(text)
}

/** Whether a profile of the chart has an image: KubeSpawner takes it after everything else. */
function givesImage(profiles: unknown): boolean {
  return JSON.stringify(profiles ?? null).includes('"image":')
}
