import {definedOnly} from '../../../defined-only.js'
import {JhubError, messageOf} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import {chartDirectory, chartSource, describeChart, findChart, readChart, type ChartHere} from '../chart/chart.js'
import {expectedDigest, readChartDigests, type ExpectedDigest} from '../chart/chart-digests.js'
import type {Cluster} from '../clusters/cluster.js'

/**
 * Fetches the chart once, and records its digest: whenever it has to be fetched again, the same bytes must come. One that is on
 * this machine is taken as it is.
 */
export function ensureChart(cluster: Cluster, spec: HubSpec): Step {
  const {files, layout, helm} = cluster
  const source = chartSource(spec)
  const title = describeChart(source)
  const directory = chartDirectory(layout, source)
  let isFetched = false
  let digests: {readonly before: string | undefined} | undefined

  const findRight = async (expected: ExpectedDigest | undefined) => {
    const found = await findChart(cluster, spec)
    return expected === undefined || found?.digest === expected.digest ? found : undefined
  }

  async function fetch(place: string, expected: ExpectedDigest | undefined, signal: AbortSignal): Promise<ChartHere> {
    isFetched = true
    await files.remove(place)
    await files.makeDirectory(place, {mode: 0o700})
    try {
      const [chart, version] = source.kind === 'repository' ? [source.repository, source.version] : [title, undefined]
      await helm.pull(chart, version, place, signal)
    } catch (error) {
      if (signal.aborted || !(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
      throw new JhubError('JHUB-E214', `The chart could not be downloaded: ${title}`, {
        cause: new Error(messageOf(error.cause ?? error)),
        fix: 'Check the network; behind a company proxy set HTTPS_PROXY. Or name a chart that is here: k8s.chart in the settings file',
      })
    }
    const found = await readChart(cluster, source)
    if (found?.digest === undefined) throw new JhubError('JHUB-E214', `No chart in one file came from ${title}`)
    if (expected === undefined || found.digest === expected.digest) return found
    await files.remove(place)
    throw otherDigest(title, found.digest, expected)
  }

  return {
    title: 'Fetch the chart',
    async check() {
      if (directory === undefined) return undefined
      const expected = await expectedDigest(cluster, spec)
      const found = await findRight(expected)
      const must = expected === undefined ? '' : `, which must be ${expected.digest}`
      if (found?.digest === undefined) return {summary: `fetch ${title}${must}`, disturbs: 'live'}
      const isKept = (await readChartDigests(cluster))[title] === found.digest
      return isKept ? undefined : {summary: `record the digest of ${title}: ${found.digest}`, disturbs: 'live'}
    },
    async apply({signal}) {
      if (directory === undefined) return
      const expected = await expectedDigest(cluster, spec)
      const {digest} = (await findRight(expected)) ?? (await fetch(directory, expected, signal))
      const kept = {...(await readChartDigests(cluster)), ...definedOnly({[title]: digest})}
      digests = {before: await files.read(layout.chartDigests)}
      await files.write(layout.chartDigests, `${JSON.stringify(kept, undefined, 2)}\n`, {mode: 0o600})
    },
    async undo() {
      if (isFetched && directory !== undefined) {
        await files.remove(directory)
        if ((await files.list(layout.charts))?.length === 0) await files.remove(layout.charts)
      }
      if (digests === undefined) return
      if (digests.before === undefined) await files.remove(layout.chartDigests)
      else await files.write(layout.chartDigests, digests.before, {mode: 0o600})
    },
  }
}

function otherDigest(title: string, digest: string, {digest: wanted, saidBy}: ExpectedDigest): JhubError {
  return new JhubError('JHUB-E218', `${title} has changed: its digest is ${digest}, but ${saidBy} has ${wanted}`, {
    fix: [
      "Ask the chart's publisher which is right; jhub deleted the download",
      `k8s: {chartDigest: ${digest}} in the settings file   # to take the new one all the same`,
    ],
  })
}
