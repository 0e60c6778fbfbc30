import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {ProgramsSeen} from '../../engine.js'
import {ownFiles, type FileSet} from '../../own-files.js'
import {chartSource} from '../chart/chart.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeObject} from '../api/kube-api.js'
import {namespaceOf} from '../clusters/namespace.js'
import {readReleaseRecord} from './release-record.js'

/**
 * The chart that the hub in the cluster was made by, as its own label says, beside the one that the spec names or this jhub
 * brings; and the digest of the files that jhub gave it. A chart at an address has no version until it is here: it is not told,
 * and never other.
 */
export async function programsSeen(
  cluster: Cluster,
  ownNow: () => Promise<FileSet>,
  spec: HubSpec,
): Promise<ProgramsSeen | undefined> {
  const api = await cluster.api()
  if (api === undefined) return undefined
  const hub = await api.read<KubeObject>({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: namespaceOf(spec),
    name: 'hub',
  })
  if (hub === undefined) return undefined
  const label = hub.metadata.labels?.['helm.sh/chart'] ?? hub.metadata.labels?.['chart']
  const there = label?.replace(/^jupyterhub-/, '')
  const shipped = await wantedVersion(cluster, spec)
  const [record, {digest: filesNow}] = await Promise.all([readReleaseRecord(api, namespaceOf(spec)), ownNow()])
  return {
    programs: [
      {
        name: 'Zero to JupyterHub chart',
        ...definedOnly({there, shipped}),
      },
      ownFiles(record.shipped, filesNow),
    ],
    areOther:
      (record.fingerprint !== undefined && record.shipped !== filesNow) ||
      (shipped !== undefined && there !== shipped.replace('+', '_')),
  }
}

async function wantedVersion({files}: Cluster, spec: HubSpec): Promise<string | undefined> {
  const source = chartSource(spec)
  if (source.kind === 'repository') return source.version
  if (source.kind === 'address') return undefined
  const text = await files.read(path.join(source.path, 'Chart.yaml')).catch(() => undefined)
  return (/^version: *["']?([^\s"']+)/m.exec(text ?? '') ?? /-(\d+\.\d+\.\d+[^/]*)\.tgz$/.exec(source.path))?.[1]
}
