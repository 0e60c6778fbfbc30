import {isRecord} from '../../../document/is-record.js'
import type {Keys} from '../../take-keys.js'
import {nearest} from '../../../document/nearest.js'
import {shown, type Importing} from '../importing.js'

type Path = readonly string[]

const image = 'name tag pullPolicy pullSecrets'
const pdb = 'enabled maxUnavailable minAvailable'
const account = 'create name annotations'
const policy = 'enabled ingress egress egressAllowRules interNamespaceAccessLabels allowedIngressPorts'
const rules =
  'cloudMetadataServer dnsPortsCloudMetadataServer dnsPortsKubeSystemNamespace dnsPortsPrivateIPs nonPrivateIPs privateIPs'
const terms = 'required preferred'

/** Maps in which the official chart takes these keys alone: names out of its values.schema.json, version 4.4.0. */
const closedMaps: Readonly<Record<string, string>> = {
  hub: 'revisionHistoryLimit config extraFiles baseUrl command args cookieSecret image networkPolicy db labels initContainers extraEnv extraConfig fsGid service pdb existingSecret nodeSelector tolerations activeServerLimit allowNamedServers annotations authenticatePrometheus concurrentSpawnLimit consecutiveFailureLimit podSecurityContext containerSecurityContext deploymentStrategy extraContainers extraVolumeMounts extraVolumes livenessProbe readinessProbe namedServerLimitPerUser redirectToServer resources lifecycle services loadRoles shutdownOnLogout templatePaths templateVars serviceAccount extraPodSpec',
  'hub.image': image,
  'hub.networkPolicy': policy,
  'hub.networkPolicy.egressAllowRules': rules,
  'hub.db': 'type pvc upgrade url password',
  'hub.db.pvc': 'annotations selector storage accessModes storageClassName subPath',
  'hub.service': 'type ports annotations extraPorts loadBalancerIP ipFamilyPolicy ipFamilies',
  'hub.pdb': pdb,
  'hub.serviceAccount': account,
  proxy: 'chp secretToken service https traefik labels annotations deploymentStrategy secretSync',
  'proxy.chp':
    'revisionHistoryLimit networkPolicy extraCommandLineFlags extraEnv pdb nodeSelector tolerations containerSecurityContext image livenessProbe readinessProbe resources defaultTarget errorTarget extraPodSpec',
  'proxy.chp.image': image,
  'proxy.chp.networkPolicy': policy,
  'proxy.chp.networkPolicy.egressAllowRules': rules,
  'proxy.chp.pdb': pdb,
  'proxy.service':
    'type labels annotations nodePorts disableHttpPort extraPorts externalIPs loadBalancerIP loadBalancerSourceRanges ipFamilyPolicy ipFamilies',
  'proxy.service.nodePorts': 'http https',
  'proxy.https': 'enabled type letsencrypt manual secret hosts',
  'proxy.https.letsencrypt': 'contactEmail acmeServer',
  'proxy.https.manual': 'key cert',
  'proxy.https.secret': 'name key crt',
  'proxy.traefik':
    'command args revisionHistoryLimit labels networkPolicy extraInitContainers extraEnv pdb nodeSelector tolerations containerSecurityContext extraDynamicConfig extraPorts extraStaticConfig extraVolumes extraVolumeMounts hsts image resources serviceAccount extraPodSpec',
  'proxy.traefik.image': image,
  'proxy.traefik.networkPolicy': policy,
  'proxy.traefik.networkPolicy.egressAllowRules': rules,
  'proxy.traefik.pdb': pdb,
  'proxy.traefik.hsts': 'includeSubdomains maxAge preload',
  'proxy.traefik.serviceAccount': account,
  'proxy.secretSync': 'containerSecurityContext image resources',
  singleuser:
    'networkPolicy podNameTemplate cpu memory image initContainers profileList extraFiles extraEnv nodeSelector extraTolerations extraNodeAffinity extraPodAffinity extraPodAntiAffinity cloudMetadata cmd defaultUrl events extraAnnotations extraContainers extraLabels extraPodConfig extraResource fsGid lifecycleHooks networkTools serviceAccountName startTimeout storage allowPrivilegeEscalation uid',
  'singleuser.networkPolicy': policy,
  'singleuser.networkPolicy.egressAllowRules': rules,
  'singleuser.cpu': 'limit guarantee',
  'singleuser.memory': 'limit guarantee',
  'singleuser.image': image,
  'singleuser.extraNodeAffinity': terms,
  'singleuser.extraPodAffinity': terms,
  'singleuser.extraPodAntiAffinity': terms,
  'singleuser.cloudMetadata': 'blockWithIptables ip',
  'singleuser.extraResource': 'guarantees limits',
  'singleuser.lifecycleHooks': 'postStart preStop',
  'singleuser.networkTools': 'image resources',
  'singleuser.storage': 'capacity dynamic extraLabels extraVolumeMounts extraVolumes homeMountPath static type',
  'singleuser.storage.dynamic': 'pvcNameTemplate storageAccessModes storageClass subPath volumeNameTemplate',
  'singleuser.storage.static': 'pvcName subPath',
  scheduling: 'userScheduler podPriority userPlaceholder corePods userPods',
  'scheduling.userScheduler':
    'enabled revisionHistoryLimit replicas image pdb nodeSelector tolerations labels annotations containerSecurityContext logLevel plugins pluginConfig resources serviceAccount extraPodSpec',
  'scheduling.userScheduler.image': image,
  'scheduling.userScheduler.pdb': pdb,
  'scheduling.userScheduler.serviceAccount': account,
  'scheduling.podPriority': 'enabled globalDefault defaultPriority imagePullerPriority userPlaceholderPriority',
  'scheduling.userPlaceholder':
    'enabled image revisionHistoryLimit replicas labels annotations resources containerSecurityContext extraPodSpec',
  'scheduling.corePods': 'tolerations nodeAffinity',
  'scheduling.corePods.nodeAffinity': 'matchNodePurpose',
  'scheduling.userPods': 'tolerations nodeAffinity',
  'scheduling.userPods.nodeAffinity': 'matchNodePurpose',
  ingress: 'enabled annotations ingressClassName hosts pathSuffix pathType tls extraPaths',
  httpRoute: 'enabled annotations hostnames gateway parentRefs',
  'httpRoute.gateway': 'name namespace sectionName',
  prePuller:
    'revisionHistoryLimit labels annotations resources extraTolerations hook continuous pullProfileListImages extraImages containerSecurityContext pause',
  'prePuller.hook':
    'enabled pullOnlyOnChanges podSchedulingWaitDuration nodeSelector tolerations containerSecurityContext image resources serviceAccount serviceAccountImagePuller daemonsetAnnotations',
  'prePuller.hook.image': image,
  'prePuller.hook.serviceAccount': account,
  'prePuller.hook.serviceAccountImagePuller': account,
  'prePuller.continuous': 'enabled serviceAccount daemonsetAnnotations',
  'prePuller.continuous.serviceAccount': account,
  'prePuller.pause': 'containerSecurityContext image',
  cull: 'enabled users adminUsers removeNamedServers timeout every concurrency maxAge',
  debug: 'enabled',
  rbac: 'enabled create',
}

/** Names keys, and values in place of keys, that the chart does not have there; they stay, since another chart may have them. */
export function tellUnknownKeys(values: Keys, note: Importing['note'], above: Path = []): void {
  for (const [key, value] of Object.entries(values)) {
    const path = [...above, key]
    const known = keysAt(above)
    if (known !== undefined && !known.includes(key)) note(path, unknownKey(nearest(key, known)))
    else if (isRecord(value)) tellUnknownKeys(value, note, path)
    else tellMissingKeys(path, value, note)
  }
}

/** The values without empty maps where the chart has keys of its own: laid over those, they say nothing. */
export function withoutEmptySections(values: Keys, above: Path = []): Keys {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (!isRecord(value)) return [[key, value] as const]
      const path = [...above, key]
      const inner = withoutEmptySections(value, path)
      const isOfChart = keysAt(path) !== undefined || keysAt(above)?.includes(key) === true
      return isOfChart && Object.keys(inner).length === 0 ? [] : [[key, inner] as const]
    }),
  )
}

function tellMissingKeys(path: Path, value: unknown, note: Importing['note']): void {
  const inside = path.join('.') === 'hub.config' ? ['JupyterHub', 'Authenticator', 'KubeSpawner', '…'] : keysAt(path)
  if (inside === undefined || value === null) return
  note(
    path,
    `is ${shown(value)}, where the chart has keys (${shortList(inside)}): it stays under k8s.values, and helm refuses it.`,
  )
}

function unknownKey(meant: string | undefined): string {
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return `is not a key of the chart: it stays under k8s.values, and helm refuses it.${hint}`
}

function keysAt(path: Path): readonly string[] | undefined {
  return closedMaps[path.join('.')]?.split(' ')
}

function shortList(keys: readonly string[]): string {
  return keys.length > 4 ? `${keys.slice(0, 4).join(', ')}, …` : keys.join(', ')
}
