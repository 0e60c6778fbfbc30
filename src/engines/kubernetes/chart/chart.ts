import path from 'node:path'
import {createHash} from 'node:crypto'
import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Cluster} from '../clusters/cluster.js'
import type {Layout} from '../clusters/layout.js'
import {chartVersion} from '../../../hub-spec/place/chart/chart-version.js'

/** The official chart: its JupyterHub is the one that the vm engine runs too. */
export const officialChart = {
  repository: 'https://hub.jupyter.org/helm-chart/',
  version: chartVersion,
  serverImage: `quay.io/jupyterhub/k8s-singleuser-sample:${chartVersion}`,
} as const

/** Where a chart comes from. */
export type ChartSource =
  | {readonly kind: 'local'; readonly path: string}
  | {readonly kind: 'repository'; readonly repository: string; readonly version: string}
  | {readonly kind: 'address'; readonly address: string}

export function chartSource({k8s: {chart}}: HubSpec): ChartSource {
  if (chart === undefined || /^\d+\.\d+\.\d+/.test(chart)) {
    return {kind: 'repository', repository: officialChart.repository, version: chart ?? officialChart.version}
  }
  return /^(?:oci|https?):\/\//.test(chart) ? {kind: 'address', address: chart} : {kind: 'local', path: chart}
}

export function describeChart(source: ChartSource): string {
  switch (source.kind) {
    case 'local':
      return source.path
    case 'repository':
      return `jupyterhub ${source.version} from ${source.repository}`
    case 'address':
      return source.address
  }
}

/** Where a chart that comes over the network is kept; `undefined` for one that is here. */
export function chartDirectory(layout: Layout, source: ChartSource): string | undefined {
  if (source.kind === 'local') return undefined
  const key = createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 12)
  return path.join(layout.charts, key)
}

export interface ChartHere {
  readonly path: string
  /** Of a chart in one file, as `sha256:…`. */
  readonly digest: string | undefined
  /** Changes whenever the chart may have. */
  readonly fingerprint: string
}

export type ChartPlace = Pick<Cluster, 'files' | 'layout' | 'checksums'>

/**
 * The chart that a spec asks for; `undefined` while it has not been fetched, or is not where the spec says. One that was
 * fetched, and does not have the digest that the spec gives, is none.
 */
export async function findChart(place: ChartPlace, spec: HubSpec): Promise<ChartHere | undefined> {
  const source = chartSource(spec)
  const {chartDigest} = spec.k8s
  const found = await readChart(place, source)
  const isOther = source.kind !== 'local' && chartDigest !== undefined && found?.digest !== chartDigest
  return isOther ? undefined : found
}

/** What is here of a source, whatever its digest. */
export async function readChart(
  {files, layout, checksums}: ChartPlace,
  source: ChartSource,
): Promise<ChartHere | undefined> {
  const file = source.kind === 'local' ? source.path : await fetchedFile(files, chartDirectory(layout, source) ?? '')
  const facts = file === undefined ? undefined : await files.stat(file)
  if (file === undefined || facts === undefined) return undefined
  if (facts.kind === 'directory')
    return {path: file, digest: undefined, fingerprint: JSON.stringify([source, await directoryMarks(files, file)])}
  const digest = await checksums.of(file)
  return digest === undefined ? undefined : {path: file, digest, fingerprint: digest}
}

async function fetchedFile(files: Files, directory: string): Promise<string | undefined> {
  const name = (await files.list(directory))?.find((each) => each.endsWith('.tgz'))
  return name === undefined ? undefined : path.join(directory, name)
}

async function directoryMarks(files: Files, directory: string): Promise<readonly unknown[]> {
  const texts = await Promise.all(['Chart.yaml', 'values.yaml'].map((name) => files.read(path.join(directory, name))))
  const templates = (await files.list(path.join(directory, 'templates'))) ?? []
  const facts = await Promise.all(templates.map((name) => files.stat(path.join(directory, 'templates', name))))
  return [texts, templates, facts.map((each) => [each?.sizeBytes, each?.modifiedMs])]
}
