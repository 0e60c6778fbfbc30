/** The version of the official chart that jhub installs, and whose values it knows. */
export const chartVersion = '4.4.0'

/** Whether `k8s.chart` says the chart whose values are known here; of another, only that chart knows what it takes. */
export function isOfficialChart(chart: unknown): boolean {
  return chart === undefined || chart === chartVersion
}
