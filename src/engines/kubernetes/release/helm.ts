export interface HelmReleaseOptions {
  readonly release: string
  readonly namespace: string
  /** A directory, a `.tgz`, or an `oci://` or `https://` address. */
  readonly chart: string
  readonly version?: string
  /** JSON; given by standard input, because secrets are in it. */
  readonly values: string
  readonly labels?: Readonly<Record<string, string>>
}

/** Helm, as it is typed by hand. Throws `JHUB-E201` with its own words. */
export interface Helm {
  /** The chart's objects as YAML, after values were checked against its schema; changes nothing. */
  render(wanted: HelmReleaseOptions, signal?: AbortSignal): Promise<string>
  /** The chart's own values, as YAML. */
  defaults(wanted: Pick<HelmReleaseOptions, 'chart' | 'version'>, signal?: AbortSignal): Promise<string>
  /** Installs or upgrades, and does not wait for pods: our own watcher sees more. */
  upgrade(wanted: HelmReleaseOptions, signal?: AbortSignal): Promise<void>
  rollback(release: string, namespace: string, revision: number): Promise<void>
  uninstall(release: string, namespace: string, signal?: AbortSignal): Promise<void>
  /** Puts the chart as a file into a directory. `chart` with a version is a chart repository, else the chart's own address. */
  pull(chart: string, version: string | undefined, directory: string, signal?: AbortSignal): Promise<void>
}
