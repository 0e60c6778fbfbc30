import {JhubError, messageOf} from '../../../errors.js'
import type {HubSpec} from '../../../spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import {chartDirectory, chartSource, describeChart, findChart} from '../chart.js'
import type {Cluster} from '../clusters/cluster.js'

/** Fetches the chart once; one that is on this machine is taken as it is. */
export function ensureChart({files, layout, helm}: Cluster, spec: HubSpec): Step {
  const source = chartSource(spec)
  const directory = chartDirectory(layout, source)
  let isMade = false
  return {
    title: 'Fetch the chart',
    async check() {
      if (directory === undefined || (await findChart(files, layout, source)) !== undefined) return undefined
      return {summary: `fetch ${describeChart(source)}`, disturbs: 'live'}
    },
    async apply({signal}) {
      if (directory === undefined || source.kind === 'local') return
      isMade = true
      await files.makeDirectory(directory, {mode: 0o700})
      const [chart, version] =
        source.kind === 'repository' ? [source.repository, source.version] : [source.address, undefined]
      try {
        await helm.pull(chart, version, directory, signal)
      } catch (error) {
        if (signal.aborted || !(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
        throw new JhubError('JHUB-E214', `The chart could not be fetched: ${describeChart(source)}`, {
          cause: new Error(messageOf(error.cause ?? error)),
          fix: 'Check the network; behind a company proxy set HTTPS_PROXY. Or name a chart that is here: k8s.chart in the spec',
        })
      }
    },
    async undo() {
      if (isMade && directory !== undefined) await files.remove(layout.charts)
    },
  }
}
