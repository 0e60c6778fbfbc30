import type {Files} from '../host/files/files.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'

export interface ChartExport {
  /** Of the official chart, without secrets. */
  readonly values: Readonly<Record<string, unknown>>
  /** Of the file from which the commands take the secret of the sign-in. */
  readonly secretFile: string
  /** What is typed with them; `file` is where they are written. */
  commands(file: string): readonly string[]
}

/** The same hub as values of the official chart, with the files that it reads. Loads only then what knows the chart. */
export async function exportChart(files: Files, assets: string, spec: HubSpec): Promise<ChartExport> {
  const [{exportCommands, exportValues, secretFile}, {readExtraConfig, readHubFiles}] = await Promise.all([
    import('./kubernetes/chart/export-values.js'),
    import('./kubernetes/chart/hub-files.js'),
  ])
  const hubFiles = await readHubFiles(files, assets, spec)
  const values = exportValues(spec, hubFiles, await readExtraConfig(files, spec))
  return {values, secretFile, commands: (file) => exportCommands(spec, file)}
}

/** The values that an export writes for the settings alone. */
export async function exportSettings(spec: HubSpec): Promise<ChartExport['values']> {
  const {exportValues} = await import('./kubernetes/chart/export-values.js')
  return exportValues(spec, new Map(), undefined)
}
