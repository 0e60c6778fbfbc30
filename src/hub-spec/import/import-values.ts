import {formatMemory, parseMemory} from '../quantity.js'
import {takeKeys, type Keys, type Take} from './take-keys.js'

export interface Imported {
  /** A document as `jhub.yaml` has it. */
  readonly document: Readonly<Record<string, unknown>>
  /** What a person must know of it, one sentence each. */
  readonly notes: readonly string[]
}

/**
 * A spec out of the values of a Zero to JupyterHub chart. What the spec has a key for goes there; the rest stays under
 * `k8s.values`. What would make the hub less safe, or is made by jhub itself, is left out and told.
 */
export function importValues(values: Keys, name: string): Imported {
  const {take, rest} = takeKeys(values)
  const notes: string[] = []

  const users = takeUsers(take)
  const image = joinImage(take('singleuser', 'image', 'name'), take('singleuser', 'image', 'tag'))
  const limits = takeLimits(take)
  const idle = takeIdle(take)
  const k8s = {
    cluster: 'kind',
    ...(image === undefined ? {} : {image}),
    ...takeExposure(take, notes),
    ...takeScale(take),
    ...takeStorage(take),
    ...takePod(take),
  }
  tellLeftOut(take, notes)
  const left = rest()
  return {
    document: {
      version: 1,
      name,
      mode: 'k8s',
      k8s: {...k8s, ...(Object.keys(left).length === 0 ? {} : {values: left})},
      users,
      ...(Object.keys(limits).length === 0 ? {} : {limits: {default: limits}}),
      ...idle,
    },
    notes,
  }
}

function takeUsers(take: Take): Readonly<Record<string, {readonly admin?: true}>> {
  const names = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  const [admins, allowed] = ['Authenticator', 'DummyAuthenticator', 'NativeAuthenticator'].reduce<
    readonly [readonly string[], readonly string[]]
  >(
    ([all, every], section) => [
      [...all, ...names(take('hub', 'config', section, 'admin_users'))],
      [...every, ...names(take('hub', 'config', section, 'allowed_users'))],
    ],
    [[], []],
  )
  return Object.fromEntries([
    ...allowed.map((name) => [name, {}] as const),
    ...admins.map((name) => [name, {admin: true}] as const),
  ])
}

function takeLimits(take: Take): Readonly<Record<string, unknown>> {
  const memory = (key: string) => {
    const value = take('singleuser', 'memory', key)
    return typeof value === 'string' || typeof value === 'number' ? formatMemory(parseMemory(value)) : undefined
  }
  const cores = (key: string) => {
    const value = take('singleuser', 'cpu', key)
    return typeof value === 'number' || typeof value === 'string' ? Number(value) : undefined
  }
  return defined({
    memory: memory('limit'),
    memoryGuarantee: memory('guarantee'),
    cpu: cores('limit'),
    cpuGuarantee: cores('guarantee'),
  })
}

function takeIdle(take: Take): Readonly<Record<string, unknown>> {
  const [enabled, timeout] = [take('cull', 'enabled'), take('cull', 'timeout')]
  take('cull', 'every')
  if (enabled === false) return {idle: {after: 'never'}}
  return typeof timeout === 'number' ? {idle: {after: `${String(timeout)}s`}} : {}
}

function takeExposure(take: Take, notes: string[]): Readonly<Record<string, unknown>> {
  const type = take('proxy', 'service', 'type')
  if (typeof type === 'string')
    notes.push(`proxy.service.type ${type} is left out: a kind cluster opens access.port; elsewhere, see k8s.expose.`)
  take('proxy', 'service', 'nodePorts')
  return {}
}

function takeScale(take: Take): Readonly<Record<string, unknown>> {
  const isScheduled = take('scheduling', 'userScheduler', 'enabled')
  const switches = [
    take('scheduling', 'userPlaceholder', 'enabled'),
    take('scheduling', 'podPriority', 'enabled'),
    take('prePuller', 'hook', 'enabled'),
    take('prePuller', 'continuous', 'enabled'),
  ]
  return isScheduled === true || switches.includes(true) ? {scale: 'cluster'} : {}
}

function takeStorage(take: Take): Readonly<Record<string, unknown>> {
  const size = take('singleuser', 'storage', 'capacity')
  const storageClass = take('singleuser', 'storage', 'dynamic', 'storageClass')
  const storage = defined({
    ...(typeof storageClass === 'string' ? {class: storageClass} : {}),
    ...(typeof size === 'string' ? {size} : {}),
  })
  return Object.keys(storage).length === 0 ? {} : {storage}
}

function takePod(take: Take): Readonly<Record<string, unknown>> {
  const pod = defined({
    uid: take('singleuser', 'uid') ?? undefined,
    fsGid: take('singleuser', 'fsGid') ?? undefined,
    gid: take('hub', 'config', 'KubeSpawner', 'gid'),
    nodeSelector: take('singleuser', 'nodeSelector'),
    tolerations: take('singleuser', 'extraTolerations'),
    extraResources: take('singleuser', 'extraResource'),
  })
  return Object.keys(pod).length === 0 ? {} : {pod}
}

function tellLeftOut(take: Take, notes: string[]): void {
  const authenticator = take('hub', 'config', 'JupyterHub', 'authenticator_class')
  if (authenticator !== undefined)
    notes.push(
      `hub.config.JupyterHub.authenticator_class ${JSON.stringify(authenticator)} is left out: people log in with a password that jhub gives them.`,
    )
  if (take('hub', 'config', 'DummyAuthenticator') !== undefined)
    notes.push(
      'hub.config.DummyAuthenticator is left out: its one password would be in the spec, and open to everybody.',
    )
  const secrets: readonly (readonly string[])[] = [
    ['proxy', 'secretToken'],
    ['hub', 'cookieSecret'],
    ['hub', 'config', 'ConfigurableHTTPProxy', 'auth_token'],
    ['hub', 'config', 'CryptKeeper', 'keys'],
  ]
  for (const path of secrets) {
    if (take(...path) !== undefined)
      notes.push(`${path.join('.')} is left out: jhub makes its own, and keeps none in the spec.`)
  }
  for (const trait of ['allow_all', 'allow_existing_users', 'any_allow_config']) {
    if (take('hub', 'config', 'Authenticator', trait) !== undefined)
      notes.push(`hub.config.Authenticator.${trait} is left out: whom the spec names may log in.`)
  }
  const deletes = take('hub', 'config', 'KubeSpawner', 'delete_pvc')
  if (deletes === true) notes.push('hub.config.KubeSpawner.delete_pvc is left out: a removed person keeps the home.')
}

function joinImage(name: unknown, tag: unknown): string | undefined {
  if (typeof name !== 'string') return undefined
  return typeof tag === 'string' || typeof tag === 'number' ? `${name}:${String(tag)}` : name
}

function defined(values: Keys): Keys {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null))
}
