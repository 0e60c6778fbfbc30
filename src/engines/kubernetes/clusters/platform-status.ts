import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {PlatformStatus, ServiceStatus} from '../../engine.js'
import type {Cluster} from './cluster.js'
import type {HubDoor} from '../access/hub-door.js'
import type {KubeApi} from '../api/kube-api.js'
import {namespaceOf} from './namespace.js'
import {readReleaseRecord} from '../release/release-record.js'
import {isPodReady, type Pod} from '../pods/pod-trouble.js'

/** The claim of the hub's database, beside everybody's own. */
const databaseClaim = 'hub-db-dir'

export async function platformStatus(cluster: Cluster, door: HubDoor, spec: HubSpec): Promise<PlatformStatus> {
  const api = await cluster.api()
  const namespace = namespaceOf(spec)
  const {files, layout} = cluster
  const [addresses, services, {chart}] = await Promise.all([
    door.addresses(),
    Promise.all((['hub', 'proxy'] as const).map((name) => readService(api, namespace, name))),
    api === undefined ? {chart: undefined} : readReleaseRecord(api, namespace),
  ])
  return {
    addresses,
    services,
    ...(chart === undefined ? {} : {chart}),
    ...(cluster.own === undefined ? {} : {disk: {freeBytes: await files.freeBytes(layout.data)}}),
    homes:
      cluster.own === undefined
        ? {
            path: `volume claims of namespace ${namespace}`,
            count: api === undefined ? 0 : await countClaims(api, namespace),
          }
        : {path: `${layout.volumes}/${namespace}`, count: homesIn(await files.list(`${layout.volumes}/${namespace}`))},
  }
}

async function readService(api: KubeApi | undefined, namespace: string, name: 'hub' | 'proxy'): Promise<ServiceStatus> {
  const pods = await api?.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels: `component=${name}`})
  const pod = pods?.find(isPodReady)
  return pod === undefined ? {name, state: 'stopped'} : {name, state: 'running', pod: pod.metadata.name}
}

async function countClaims(api: KubeApi, namespace: string): Promise<number> {
  const claims = await api.list({apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace})
  return homesIn(claims.map(({metadata}) => metadata.name))
}

function homesIn(names: readonly string[] | undefined): number {
  return (names ?? []).filter((name) => name !== databaseClaim).length
}
