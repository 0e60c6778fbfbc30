import {createHash} from 'node:crypto'
import path from 'node:path'
import {JhubError} from '../../errors.js'
import type {HubSpec} from '../../spec/hub-spec.js'
import {chartSource, findChart, officialChart} from './chart.js'
import {chartValues, withoutSecrets, type Values} from './chart-values.js'
import type {Cluster} from './clusters/cluster.js'
import {namespaceOf} from './namespace.js'
import type {ReleaseWanted} from './helm.js'
import {readSecrets} from './secrets.js'

const shipped = [
  'hub/jhub_authenticator.py',
  'hub/jhub_limits.py',
  'hub/jhub_names.py',
  'k8s/jhub_kubernetes.py',
  'k8s/jupyterhub_config.py',
]

export interface WantedRelease {
  readonly release: ReleaseWanted
  /** Without what opens the hub. */
  readonly values: Values
  readonly fingerprint: string
}

/** `undefined` while the secrets or the chart are not there yet. Throws `JHUB-E301` when the extra file is not there. */
export async function wantedRelease(
  cluster: Cluster,
  assets: string,
  spec: HubSpec,
): Promise<WantedRelease | undefined> {
  const {files, layout} = cluster
  const [secrets, chart] = await Promise.all([
    readSecrets(files, layout.secrets),
    findChart(files, layout, chartSource(spec)),
  ])
  if (secrets === undefined || chart === undefined) return undefined
  const texts = new Map<string, string>()
  for (const name of shipped) texts.set(path.basename(name), await readAsset(cluster, path.join(assets, name)))
  const extraConfig = spec.hub.extraConfig === undefined ? undefined : await readExtra(cluster, spec.hub.extraConfig)
  const values = chartValues({spec: withImage(spec), secrets, files: texts, extraConfig})
  const text = JSON.stringify(values)
  return {
    release: {release: spec.name, namespace: namespaceOf(spec), chart: chart.path, values: text},
    values: withoutSecrets(values),
    fingerprint: createHash('sha256').update(text).update(chart.fingerprint).digest('hex').slice(0, 16),
  }
}

/** A spec that leaves the image open takes the chart's own, by its full name, so that it can be brought before it is needed. */
export function withImage(spec: HubSpec): HubSpec {
  return {...spec, k8s: {...spec.k8s, image: spec.k8s.image ?? officialChart.serverImage}}
}

async function readAsset({files}: Cluster, file: string): Promise<string> {
  const text = await files.read(file)
  if (text === undefined) {
    throw new JhubError('JHUB-E001', `${file} is missing: this copy of jhub is not whole`, {fix: 'Install jhub again.'})
  }
  return text
}

async function readExtra({files}: Cluster, file: string): Promise<string> {
  const text = await files.read(file)
  if (text === undefined) {
    throw new JhubError('JHUB-E301', `The spec's hub.extraConfig names ${file}, and there is no such file`, {
      fix: 'jhub config edit',
    })
  }
  return text
}
