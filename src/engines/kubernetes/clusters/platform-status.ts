import {definedOnly} from '../../../defined-only.js'
import {describeCause, JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {PlatformStatus, ServiceStatus} from '../../engine.js'
import type {Cluster} from './cluster.js'
import {nodeCapacity} from './findings/node-capacity.js'
import type {HubEndpoint} from '../access/hub-endpoint.js'
import type {KubeApi} from '../api/kube-api.js'
import {orNotAllowed} from '../api/read-if-allowed.js'
import {tryKube} from '../api/require-kube.js'
import {databaseClaim} from './names.js'
import {namespaceOf} from './namespace.js'
import {readReleaseRecord} from '../release/release-record.js'
import {isPodReady, type Pod} from '../pods/pod-trouble.js'

const services = ['hub', 'proxy'] as const

/** What is in the cluster, or why it cannot be asked. */
export async function platformStatus(cluster: Cluster, endpoint: HubEndpoint, spec: HubSpec): Promise<PlatformStatus> {
  const namespace = namespaceOf(spec)
  const {files, layout, own} = cluster
  const api = await tryKube(cluster)
  const disk = own === undefined ? {} : {disk: {freeBytes: await files.freeBytes(layout.data)}}
  const claims = `volume claims of namespace ${namespace}`
  const directory = `${layout.volumes}/${namespace}`
  const ownHomes = async () => ({path: directory, count: homesIn(await files.list(directory))})
  if (api instanceof JhubError) {
    const homes = own === undefined ? {path: claims, count: null} : await ownHomes()
    const addresses = own === undefined ? {here: null, others: [], isOpen: false} : await endpoint.addresses()
    return {addresses, ...disk, ...unreachable(api), homes}
  }
  const claimed = async () => ({path: claims, count: api === undefined ? 0 : await countClaims(api, namespace)})
  const [addresses, seen, record, homes, capacity] = await Promise.all([
    endpoint.addresses(),
    Promise.all(services.map((name) => readService(api, namespace, name))),
    api === undefined ? undefined : orNotAllowed(() => readReleaseRecord(api, namespace)),
    own === undefined ? claimed() : ownHomes(),
    own === undefined || api === undefined ? {} : nodeCapacity(api),
  ])
  const chart = record === 'not allowed' ? undefined : record?.chart
  return {addresses, services: seen, ...definedOnly({chart}), ...disk, ...capacity, homes}
}

function unreachable(error: JhubError): Pick<PlatformStatus, 'services' | 'unreachable'> {
  return {
    services: services.map((name) => ({name, state: 'unknown'})),
    unreachable: {because: describeCause(error), fix: error.suggestions},
  }
}

async function readService(
  api: KubeApi | undefined,
  namespace: string,
  name: (typeof services)[number],
): Promise<ServiceStatus> {
  const pods = (await api?.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels: `component=${name}`})) ?? []
  const staying = pods.filter(({metadata}) => metadata.deletionTimestamp === undefined)
  const ready = staying.find(isPodReady)
  if (ready !== undefined) return {name, state: 'running', pod: ready.metadata.name}
  const starting = staying.at(-1)
  return starting === undefined ? {name, state: 'stopped'} : {name, state: 'starting', pod: starting.metadata.name}
}

async function countClaims(api: KubeApi, namespace: string): Promise<number> {
  const claims = await api.list({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace})
  return homesIn(claims.map(({metadata}) => metadata.name))
}

function homesIn(names: readonly string[] | undefined): number {
  return (names ?? []).filter((name) => name !== databaseClaim).length
}
