import path from 'node:path'
import {createHash} from 'node:crypto'
import type {Files} from '../../host/files.js'
import type {HubSpec} from '../../spec/hub-spec.js'
import type {Layout} from './layout.js'

/** The official chart: its JupyterHub is the one that the vm engine runs too. */
export const officialChart = {
  repository: 'https://hub.jupyter.org/helm-chart/',
  version: '4.4.0',
  serverImage: 'quay.io/jupyterhub/k8s-singleuser-sample:4.4.0',
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
  /** Changes whenever the chart may have. */
  readonly fingerprint: string
}

/** The chart as a path; `undefined` while it has not been fetched, or is not where the spec says. */
export async function findChart(files: Files, layout: Layout, source: ChartSource): Promise<ChartHere | undefined> {
  const directory = chartDirectory(layout, source)
  const file =
    source.kind === 'local'
      ? source.path
      : (await files.list(directory ?? ''))
          ?.filter((name) => name.endsWith('.tgz'))
          .map((name) => path.join(directory ?? '', name))[0]
  if (file === undefined) return undefined
  const facts = await files.stat(file)
  if (facts === undefined) return undefined
  if (source.kind !== 'local') return {path: file, fingerprint: JSON.stringify(source)}
  const marks = facts.kind === 'directory' ? await directoryMarks(files, file) : [facts.sizeBytes, facts.modifiedMs]
  return {path: file, fingerprint: JSON.stringify([source, marks])}
}

async function directoryMarks(files: Files, directory: string): Promise<readonly unknown[]> {
  const texts = await Promise.all(['Chart.yaml', 'values.yaml'].map((name) => files.read(path.join(directory, name))))
  const templates = (await files.list(path.join(directory, 'templates'))) ?? []
  const facts = await Promise.all(templates.map((name) => files.stat(path.join(directory, 'templates', name))))
  return [texts, templates, facts.map((each) => [each?.sizeBytes, each?.modifiedMs])]
}
