import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {chartSource, describeChart} from './chart.js'
import type {Cluster} from '../clusters/cluster.js'
import {tryKube} from '../api/require-kube.js'
import {namespaceOf} from '../clusters/namespace.js'
import {readReleaseRecord} from '../release/release-record.js'

/** The digest of every chart that this hub had, by where it came from. */
export type ChartDigests = Readonly<Record<string, string>>

export async function readChartDigests({files, layout}: Pick<Cluster, 'files' | 'layout'>): Promise<ChartDigests> {
  const text = await files.read(layout.chartDigests)
  if (text === undefined) return {}
  try {
    return JSON.parse(text) as ChartDigests
  } catch {
    // A damaged list is none: the cluster's own record stands behind it.
    return {}
  }
}

export interface ExpectedDigest {
  readonly digest: string
  readonly saidBy: 'the settings file (k8s.chartDigest)' | 'the chart that this hub was made with'
}

/**
 * The digest that a chart must have: the spec's own, else the one that it had when this hub first fetched it. That is kept on
 * this machine and in the cluster, where another machine finds it.
 */
export async function expectedDigest(cluster: Cluster, spec: HubSpec): Promise<ExpectedDigest | undefined> {
  const {chartDigest} = spec.k8s
  if (chartDigest !== undefined) return {digest: chartDigest, saidBy: 'the settings file (k8s.chartDigest)'}
  const source = describeChart(chartSource(spec))
  const kept = (await readChartDigests(cluster))[source] ?? (await deployedDigest(cluster, spec, source))
  return kept === undefined ? undefined : {digest: kept, saidBy: 'the chart that this hub was made with'}
}

async function deployedDigest(cluster: Cluster, spec: HubSpec, source: string): Promise<string | undefined> {
  const api = await tryKube(cluster)
  const {chart} = api === undefined || api instanceof JhubError ? {} : await readReleaseRecord(api, namespaceOf(spec))
  return chart?.source === source ? chart.digest : undefined
}
