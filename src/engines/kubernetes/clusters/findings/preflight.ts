import {JhubError, messageOf} from '../../../../errors.js'
import type {Finding} from '../../../../findings/finding.js'
import {chartSource, describeChart, findChart} from '../../chart/chart.js'
import type {Cluster} from '../cluster.js'
import {tryKube} from '../../api/require-kube.js'
import {namespaceOf} from '../namespace.js'
import {readRevisions} from '../../release/releases.js'
import {tryValues} from '../../release/trial/try-values.js'
import {trialRelease, wantedRelease, type ReleaseOptions} from '../../release/wanted-release.js'

/** Everything that can be known before anything is changed: the cluster, its tools, the chart and its values. Reads only. */
export async function preflight(cluster: Cluster, input: ReleaseOptions): Promise<readonly Finding[]> {
  const {spec} = input
  const [findings, programs] = await Promise.all([
    cluster.findings(spec),
    Promise.all(cluster.programs.map((program) => program.find())),
    // Its client takes a while to load: that goes on while programs are asked.
    tryKube(cluster),
  ])
  const isHelmHere = programs.every((found) => found !== undefined)
  return [...findings, ...(isHelmHere ? await checkChart(cluster, input) : [])]
}

async function checkChart(cluster: Cluster, input: ReleaseOptions): Promise<readonly Finding[]> {
  const {spec} = input
  const source = chartSource(spec)
  const chart = await findChart(cluster, spec)
  const check = 'chart'
  if (chart === undefined && source.kind === 'local') {
    const found = `there is nothing at ${source.path}`
    return [{check, state: 'problem', found, needed: 'a chart', fix: 'jhub config edit   # look at k8s.chart'}]
  }
  if (chart === undefined) return [{check, state: 'ok', found: `${describeChart(source)}, to be fetched`}]
  const {chartDigest} = spec.k8s
  if (chartDigest !== undefined && chart.digest !== chartDigest) {
    const found = chart.digest === undefined ? 'a directory, which has no digest' : `its digest is ${chart.digest}`
    const fix = 'jhub config edit   # look at k8s.chart and k8s.chartDigest'
    return [{check, state: 'problem', found: `${describeChart(source)}: ${found}`, needed: chartDigest, fix}]
  }
  const title = `${describeChart(source)}${chart.digest === undefined ? '' : ` (${chart.digest})`}`
  if (await isDeployed(cluster, input)) return [{check, state: 'ok', found: `${title}, as deployed`}]
  const trial = await trialRelease(cluster, spec)
  if (trial === undefined) return []
  try {
    await tryValues(cluster, trial)
    return [{check, state: 'ok', found: `${title}; it takes the values`}]
  } catch (error) {
    if (!(error instanceof JhubError) || error.code !== 'JHUB-E214') throw error
    const found = `it refuses the values: ${messageOf(error.cause)}`
    return [{check, state: 'problem', found, needed: 'values that its schema allows', fix: error.suggestions[0] ?? ''}]
  }
}

/** The newest release is the one that the spec asks for. */
export async function isDeployed(cluster: Cluster, input: ReleaseOptions): Promise<boolean> {
  const {spec} = input
  const [api, next] = await Promise.all([tryKube(cluster), wantedRelease(cluster, input)])
  if (api === undefined || api instanceof JhubError || next === undefined) return false
  const [newest] = await readRevisions(api, namespaceOf(spec), spec.name)
  return newest?.status === 'deployed' && newest.fingerprint === next.fingerprint
}
