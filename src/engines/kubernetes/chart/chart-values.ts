import {definedOnly, ifDefined} from '../../../defined-only.js'
import {basePath} from '../../../hub-spec/access/base-url.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {idleSeconds} from '../../../hub-spec/idle-seconds.js'
import {contentSettings, firstPage} from '../../../hub-spec/content-spec.js'
import {ownConfigKey} from '../../../hub-spec/check/check-kubernetes.js'
import {labPageConfig} from '../../../jupyterhub/lab-page-config.js'
import type {Secrets} from '../../sign-in/secrets.js'
import {authorityName} from '../../../jupyterhub/tls/sign-in-authority.js'
import {signInSettings} from '../../sign-in/sign-in-settings.js'
import type {ChartPlace} from './chart-place.js'
import {egressValues} from './egress-values.js'

export type Values = {readonly [key: string]: unknown}

export interface ChartValuesOptions {
  readonly spec: HubSpec
  readonly secrets: Secrets
  /** Files that the hub reads, by name. */
  readonly files: ReadonlyMap<string, string>
  /** Python that is appended to the hub's configuration. */
  readonly extraConfig: string | undefined
  /** `undefined`: the cluster is not made by jhub. */
  readonly place: ChartPlace | undefined
  /** The Secret with accounts of registries that servers' pods name; absent: none. */
  readonly pullSecret?: string
  /** Images that nodes download before somebody needs them, by name; only a hub of the scale `cluster` has any. */
  readonly pull?: ReadonlyMap<string, string>
  /** Who tells the hub whom the spec names: jhub, or the configuration in the values where there is no jhub. */
  readonly people?: 'told' | 'configuration'
}

/** Where the hub finds jhub's files; `assets/k8s/jupyterhub_config.py` says the same. */
const hubDirectory = '/usr/local/etc/jupyterhub/jhub'
const configDirectory = '/usr/local/etc/jupyterhub/jupyterhub_config.d'

/** The values of the official chart that make this hub. The spec's own `k8s.values` have the last word. */
export function chartValues(input: ChartValuesOptions): Values {
  const {spec, secrets, place} = input
  const made: Values = {
    hub: hubValues(input),
    proxy: {
      secretToken: secrets.proxyToken,
      service: serviceValues(spec, place),
      chp: {
        resources: {requests: {cpu: '20m', memory: '64Mi'}, limits: {cpu: '2', memory: '1Gi'}},
        ...hubNodeSelector(place),
        ...(spec.k8s.discovery === 'environment'
          ? {
              defaultTarget: 'http://$(HUB_SERVICE_HOST):$(HUB_SERVICE_PORT)',
              errorTarget: `http://$(HUB_SERVICE_HOST):$(HUB_SERVICE_PORT)${basePath(spec.access)}/hub/error`,
            }
          : {}),
      },
    },
    singleuser: singleuserValues(spec, place),
    cull: cullValues(spec),
    ...scaleValues(spec, input.pull),
  }
  return withPullSecret(mergeValues(made, spec.k8s.values), input.pullSecret)
}

/** Beside those that the spec's own values name. */
function withPullSecret(values: Values, name: string | undefined): Values {
  if (name === undefined) return values
  return mergeValues(values, {singleuser: {image: {pullSecrets: [...pullSecretsOf(values), {name}]}}})
}

/** The Secrets with which nodes download what servers are started from, as the values name them. */
export function pullSecretsOf(values: Values): readonly unknown[] {
  const image = isValues(values['singleuser']) ? values['singleuser']['image'] : undefined
  const found = isValues(image) ? image['pullSecrets'] : undefined
  return Array.isArray(found) ? found : []
}

function hubValues({spec, secrets, files, extraConfig, place, people = 'told'}: ChartValuesOptions): Values {
  const {pod} = spec.k8s
  const file = (directory: string, name: string, text: string) => [
    name.replace(/\W/g, '_'),
    {mountPath: `${directory}/${name}`, stringData: text},
  ]
  return {
    ...definedOnly({baseUrl: spec.access.baseUrl}),
    cookieSecret: secrets.cookieSecret,
    config: {
      // Another class is set by jhub's own file; this one lets nobody in, should that file ever be missing.
      JupyterHub: {authenticator_class: 'null'},
      KubeSpawner: {
        delete_pvc: false,
        ...definedOnly({gid: pod.gid}),
        ...containerSecurity(spec),
      },
    },
    services: {jhub: {apiToken: secrets.apiToken, admin: true}},
    loadRoles: {jhub: {services: ['jhub'], scopes: ['admin:server_state']}},
    extraFiles: Object.fromEntries([
      ...[...files].map(([name, text]) =>
        file(name === 'jupyterhub_config.py' ? configDirectory : hubDirectory, name, text),
      ),
      file(hubDirectory, 'settings.json', JSON.stringify(hubSettings(spec, people))),
      ...(secrets.signIn === undefined ? [] : [file(hubDirectory, signInSecretName, secrets.signIn.value)]),
    ]),
    ...(extraConfig === undefined ? {} : {extraConfig: {[ownConfigKey]: extraConfig}}),
    concurrentSpawnLimit: 0,
    // The hub outlives people's failing servers.
    consecutiveFailureLimit: 0,
    db: {
      pvc: {
        annotations: {'helm.sh/resource-policy': 'keep'},
        ...definedOnly({storageClassName: storageClass(spec, place)}),
      },
    },
    resources: {requests: {cpu: '50m', memory: '128Mi'}, limits: {cpu: '4', memory: '2Gi'}},
    ...hubNodeSelector(place),
  }
}

/** What `assets/k8s/jupyterhub_config.py` reads. */
function hubSettings(spec: HubSpec, people: 'told' | 'configuration'): object {
  return {
    discovery: spec.k8s.discovery,
    idleAfterSeconds: idleSeconds(spec),
    content: contentSettings(spec.content),
    signIn: {...signInSettings(spec.auth, `${hubDirectory}/${authorityName}`), ...(people === 'told' ? {} : {people})},
  }
}

/** The file of the hub, and the key of its values, with the secret of the sign-in. */
export const signInSecretName = 'sign_in_secret'
/** Where the hub reads it. */
export const signInSecretPath = `${hubDirectory}/${signInSecretName}`

/** What a namespace of the level `restricted` asks of servers' pods, unless the spec lets them be root. */
export function containerSecurity({k8s: {pod, values}}: HubSpec): Values {
  const {uid = pod.uid, allowPrivilegeEscalation} = isValues(values['singleuser']) ? values['singleuser'] : {}
  const isRoot = uid === 0 || uid === null || allowPrivilegeEscalation === true
  const context = {
    ...(isRoot ? {} : {runAsNonRoot: true, capabilities: {drop: ['ALL']}, seccompProfile: {type: 'RuntimeDefault'}}),
    ...definedOnly({seLinuxOptions: pod.seLinuxOptions}),
  }
  return Object.keys(context).length === 0 ? {} : {container_security_context: context}
}

/** Volumes of a cluster that jhub made are directories that outlive it, unless the spec names another class. */
function storageClass({k8s}: HubSpec, place: ChartPlace | undefined): string | undefined {
  return k8s.storage.class ?? place?.storageClass
}

function hubNodeSelector(place: ChartPlace | undefined): Values {
  return place?.hubNode === undefined ? {} : {nodeSelector: {'kubernetes.io/hostname': place.hubNode}}
}

function serviceValues({k8s}: HubSpec, place: ChartPlace | undefined): Values {
  if (place !== undefined) return place.service
  const types = {nodePort: 'NodePort', loadBalancer: 'LoadBalancer', clusterIP: 'ClusterIP'} as const
  return {type: types[k8s.expose ?? 'clusterIP']}
}

function singleuserValues(spec: HubSpec, place: ChartPlace | undefined): Values {
  const {k8s} = spec
  const {pod, storage} = k8s
  const {limits, guarantees} = pod.extraResources
  return {
    defaultUrl: firstPage(spec.content),
    extraFiles: {lab_json: {mountPath: `/etc/jupyter/${labPageConfig.place}`, stringData: labPageConfig.text}},
    startTimeout: 300,
    // The network policy blocks the metadata server too, without a privileged container in everybody's pod.
    cloudMetadata: {blockWithIptables: false, ip: '169.254.169.254'},
    ...egressValues(spec.access.egress),
    storage: {
      capacity: storage.size,
      ...definedOnly({dynamic: ifDefined(storageClass(spec, place), (name) => ({storageClass: name}))}),
    },
    // The hub's policy gives limits at every start; these are what it begins from.
    memory: {limit: null, guarantee: null},
    cpu: {limit: null, guarantee: null},
    // Only servers of people have a deadline (sixty-eight years): that is how the quota knows them.
    extraPodConfig: {activeDeadlineSeconds: 2 ** 31 - 1},
    ...definedOnly({image: ifDefined(k8s.image, splitImage), uid: pod.uid, fsGid: pod.fsGid}),
    nodeSelector: pod.nodeSelector,
    extraTolerations: pod.tolerations,
    extraResource: {limits, guarantees},
  }
}

/** What is said of servers' pods in the end: jhub's own values, and those of the spec laid over them. */
export function serverValues(spec: HubSpec, place: ChartPlace | undefined): Values {
  const over = spec.k8s.values['singleuser']
  return mergeValues(singleuserValues(spec, place), isValues(over) ? over : {})
}

/** `registry:5000/name:tag` or `name@sha256:…` as the chart wants it: a name and a tag. */
export function splitImage(image: string): {readonly name: string; readonly tag: string} {
  const digest = image.indexOf('@')
  if (digest !== -1) return {name: `${image.slice(0, digest)}@sha256`, tag: image.slice(digest + '@sha256:'.length)}
  const colon = image.lastIndexOf(':')
  if (colon <= image.lastIndexOf('/')) return {name: image, tag: 'latest'}
  return {name: image.slice(0, colon), tag: image.slice(colon + 1)}
}

function cullValues(spec: HubSpec): Values {
  const timeout = idleSeconds(spec)
  if (timeout === null) return {enabled: false}
  return {enabled: true, timeout, every: Math.max(1, Math.min(600, Math.round(timeout / 2)))}
}

/** Everything that one node does not need is off; a cluster gets it all. */
function scaleValues({k8s}: HubSpec, pull: ReadonlyMap<string, string> = new Map()): Values {
  const isCluster = k8s.scale === 'cluster'
  return {
    scheduling: {
      userScheduler: {enabled: isCluster},
      podPriority: {enabled: isCluster},
      userPlaceholder: {enabled: isCluster, ...(isCluster ? {replicas: 2} : {})},
    },
    prePuller: {
      hook: {enabled: isCluster},
      continuous: {enabled: isCluster},
      ...(isCluster && pull.size > 0 ? {extraImages: imagesToPull(pull)} : {}),
    },
  }
}

/** The chart makes names of containers out of the keys. */
function imagesToPull(pull: ReadonlyMap<string, string>): Values {
  return Object.fromEntries([...pull].map(([name, reference]) => [`jhub-${name}-image`, splitImage(reference)]))
}

/** As Helm lays values over each other: maps key by key, everything else whole. */
export function mergeValues(base: Values, over: Values): Values {
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => {
      const [below, above] = [base[key], over[key]]
      if (!(key in over)) return [key, below]
      return [key, isValues(below) && isValues(above) ? mergeValues(below, above) : above]
    }),
  )
}

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `cull.timeout 3600 → 7200`, one for each value that differs; long ones, and what may be a secret, only by name. */
export function describeValueChange(before: Values, after: Values): readonly string[] {
  const [from, to] = [flatten(before), flatten(after)]
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((path) => {
    const [old, next] = [from.get(path), to.get(path)]
    if (old === next) return []
    const isShown = !isSecretKey(path) && [old, next].every((text = '') => text.length <= 40 && !isSecretText(text))
    return [isShown ? `${path} ${old ?? '(not set)'} → ${next ?? '(not set)'}` : path]
  })
}

function isSecretKey(path: string): boolean {
  return /secret|token|passw|credential|private|api_?key|access_?key|\bkey\b|auth(?!enticator)/i.test(path)
}

/** An address with a password in it, a key, or what no word looks like. */
function isSecretText(text: string): boolean {
  return /:\/\/[^/\s:@]*:[^@\s]+@|-----BEGIN/.test(text) || /^(?=.*\d)(?=.*[a-z])[\w+/=-]{24,}$/i.test(text)
}

function flatten(values: Values, above = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(values).flatMap(([key, value]) => {
      const path = above === '' ? key : `${above}.${key}`
      if (isValues(value) && Object.keys(value).length > 0) return [...flatten(value, path)]
      return [[path, typeof value === 'string' ? value : JSON.stringify(value)] as const]
    }),
  )
}

const secretPaths = [
  ['hub', 'cookieSecret'],
  ['hub', 'services', 'jhub', 'apiToken'],
  ['proxy', 'secretToken'],
  ['hub', 'extraFiles', signInSecretName],
] as const

/** The values without what opens the hub, to be kept and shown. */
export function withoutSecrets(values: Values): Values {
  return secretPaths.reduce((rest, path) => withoutPath(rest, path), values)
}

function withoutPath(values: Values, [first, ...rest]: readonly string[]): Values {
  if (first === undefined || !(first in values)) return values
  const inner = values[first]
  if (rest.length === 0 || !isValues(inner)) {
    return Object.fromEntries(Object.entries(values).filter(([key]) => key !== first))
  }
  return {...values, [first]: withoutPath(inner, rest)}
}
