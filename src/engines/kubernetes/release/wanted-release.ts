import {createHash} from 'node:crypto'
import {definedOnly} from '../../../defined-only.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {chartSource, describeChart, findChart, officialChart, type ChartHere} from '../chart/chart.js'
import {chartValues, withoutSecrets, type Values} from '../chart/chart-values.js'
import type {Cluster} from '../clusters/cluster.js'
import type {FileSet} from '../../own-files.js'
import {readHubFiles} from '../chart/hub-files.js'
import {readExtraConfig} from '../../extra-config.js'
import {pullSecretName} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import type {HelmReleaseOptions} from './helm.js'
import {newSecrets, readSecrets} from '../../sign-in/secrets.js'
import type {DeployedChart} from './release-record.js'

export interface WantedRelease {
  readonly release: HelmReleaseOptions
  /** Without what opens the hub. */
  readonly values: Values
  readonly chart: DeployedChart
  readonly fingerprint: string
  /** Changes with the files of jhub's own that the hub is given. */
  readonly shipped: string
}

export interface ReleaseOptions {
  /** The files of jhub's own for the hub. */
  readonly shipped: () => Promise<FileSet>
  readonly spec: HubSpec
  /** What servers are started from, by image; of those that are built. */
  readonly built: (spec: HubSpec) => Promise<ReadonlyMap<string, string>>
}

/** `undefined` while the secrets or the chart are not there yet. Throws `JHUB-E301` when the extra file is not there. */
export async function wantedRelease(
  cluster: Cluster,
  {shipped, spec, built}: ReleaseOptions,
): Promise<WantedRelease | undefined> {
  const {files, layout} = cluster
  const [secrets, chart] = await Promise.all([readSecrets(files, layout.secrets), findChart(cluster, spec)])
  if (secrets === undefined || chart === undefined) return undefined
  const isPulled = cluster.own === undefined && spec.k8s.scale === 'cluster'
  const own = await shipped()
  const [texts, extraConfig, pull] = await Promise.all([
    readHubFiles(files, own, spec),
    readExtraConfig(files, spec),
    isPulled ? built(spec) : new Map<string, string>(),
  ])
  const place = cluster.own?.chartPlace(spec)
  const values = chartValues({
    spec: withImage(spec),
    secrets,
    files: texts,
    extraConfig,
    place,
    pull,
    ...pulledWith(cluster),
  })
  const text = JSON.stringify(values)
  return {
    release: {release: spec.name, namespace: namespaceOf(spec), chart: chart.path, values: text},
    values: withoutSecrets(values),
    chart: asDeployed(spec, chart),
    fingerprint: createHash('sha256').update(text).update(chart.fingerprint).digest('hex').slice(0, 16),
    shipped: own.digest,
  }
}

/** The same with secrets of no use, to look at before there are real ones; `undefined` while the chart is not there. */
export async function trialRelease(cluster: Cluster, spec: HubSpec): Promise<WantedRelease | undefined> {
  const chart = await findChart(cluster, spec)
  if (chart === undefined) return undefined
  const values = chartValues({
    spec: withImage(spec),
    secrets: newSecrets(),
    files: new Map(),
    extraConfig: undefined,
    place: cluster.own?.chartPlace(spec),
    ...pulledWith(cluster),
  })
  const text = JSON.stringify(values)
  return {
    release: {release: spec.name, namespace: namespaceOf(spec), chart: chart.path, values: text},
    values: withoutSecrets(values),
    chart: asDeployed(spec, chart),
    fingerprint: '',
    shipped: '',
  }
}

/** A cluster of ours is sent everything by this computer. */
function pulledWith({own}: Cluster): {readonly pullSecret?: string} {
  return own === undefined ? {pullSecret: pullSecretName} : {}
}

function asDeployed(spec: HubSpec, {digest}: ChartHere): DeployedChart {
  return {source: describeChart(chartSource(spec)), ...definedOnly({digest})}
}

/** A spec that leaves the image open takes the chart's own, by its full name, so that it can be loaded before it is needed. */
export function withImage(spec: HubSpec): HubSpec {
  return {...spec, k8s: {...spec.k8s, image: spec.k8s.image ?? officialChart.serverImage}}
}

/** The image of servers that have no image of the spec; none if everybody has one. */
export function plainServerImages({image, k8s}: Pick<HubSpec, 'image' | 'k8s'>): readonly string[] {
  return image === undefined ? [k8s.image ?? officialChart.serverImage] : []
}
