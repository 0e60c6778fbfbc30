import {definedOnly} from '../../defined-only.js'
import type {HubDocument} from '../hub-spec.js'
import {chartProblems} from '../place/chart/chart-problems.js'
import {isOfficialChart} from '../place/chart/chart-version.js'
import type {DocumentProblem} from './document-problem.js'

/** What the chart would refuse of `k8s.values` when it is installed. */
export function checkChartValues({mode, k8s}: HubDocument): readonly DocumentProblem[] {
  if (mode !== 'k8s' || k8s?.values === undefined || !isOfficialChart(k8s.chart)) return []
  return chartProblems(k8s.values).map(({path, problem, suggestion}) => ({
    problem,
    ...definedOnly({suggestion}),
    path: ['k8s', 'values', ...path],
  }))
}
