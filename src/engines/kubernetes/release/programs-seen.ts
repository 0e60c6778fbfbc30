import path from 'node:path'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {ProgramsSeen} from '../../engine.js'
import {chartSource} from '../chart/chart.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeObject} from '../api/kube-api.js'
import {namespaceOf} from '../clusters/namespace.js'

/**
 * The chart that the hub in the cluster was made by, as its own label says, beside the one that the spec names or this jhub
 * brings. A chart at an address has no version until it is here: it is not told, and never other.
 */
export async function programsSeen(cluster: Cluster, spec: HubSpec): Promise<ProgramsSeen | undefined> {
  const api = await cluster.api()
  const hub = await api?.read<KubeObject>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: namespaceOf(spec),
    name: 'hub',
  })
  if (hub === undefined) return undefined
  const label = hub.metadata.labels?.['helm.sh/chart'] ?? hub.metadata.labels?.['chart']
  const there = label?.replace(/^jupyterhub-/, '')
  const shipped = await wantedVersion(cluster, spec)
  return {
    programs: [
      {
        name: 'Zero to JupyterHub chart',
        ...(there === undefined ? {} : {there}),
        ...(shipped === undefined ? {} : {shipped}),
      },
    ],
    areOther: shipped !== undefined && there !== shipped.replace('+', '_'),
  }
}

async function wantedVersion({files}: Cluster, spec: HubSpec): Promise<string | undefined> {
  const source = chartSource(spec)
  if (source.kind === 'repository') return source.version
  if (source.kind === 'address') return undefined
  const text = await files.read(path.join(source.path, 'Chart.yaml')).catch(() => undefined)
  return (/^version: *["']?([^\s"']+)/m.exec(text ?? '') ?? /-(\d+\.\d+\.\d+[^/]*)\.tgz$/.exec(source.path))?.[1]
}
