import type {Commands} from '../../../host/commands.js'
import type {Helm, ReleaseWanted} from './helm.js'

/** The way into a cluster, as helm and the API client take it. */
export interface ClusterAccess {
  readonly kubeconfig?: string
  readonly context?: string
}

/** Helm by its program. */
export function realHelm(
  commands: Commands,
  program: () => Promise<string>,
  access: ClusterAccess,
  logFile: string,
): Helm {
  const way = [
    ...(access.kubeconfig === undefined ? [] : ['--kubeconfig', access.kubeconfig]),
    ...(access.context === undefined ? [] : ['--kube-context', access.context]),
  ]
  const run = async (
    words: readonly string[],
    options: {readonly stdin?: string; readonly signal?: AbortSignal} = {},
  ) => commands.run([await program(), ...words], {timeoutMs: 1_200_000, logFile, ...options})
  /**
   * Fields that somebody changed by hand are taken back. Helm 4 lets the cluster lay changes over each other, and ends with a
   * conflict where it is not told to; helm 3 always takes them.
   */
  const forceWords = async () => {
    const {stdout} = await commands.run([await program(), 'version', '--short'])
    return /^v?[0-3]\./.test(stdout.trim()) ? [] : ['--server-side=true', '--force-conflicts']
  }
  const chartWords = ({chart, version}: Pick<ReleaseWanted, 'chart' | 'version'>) => [
    chart,
    ...(version === undefined ? [] : ['--version', version]),
  ]
  const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : {signal})
  return {
    async render(wanted, signal) {
      const words = [
        'template',
        wanted.release,
        ...chartWords(wanted),
        '--namespace',
        wanted.namespace,
        '--values',
        '-',
      ]
      const {stdout} = await commands.run([await program(), ...words], {stdin: wanted.values, ...withSignal(signal)})
      return stdout
    },
    async defaults(wanted, signal) {
      const words = ['show', 'values', ...chartWords(wanted)]
      const {stdout} = await commands.run([await program(), ...words], withSignal(signal))
      return stdout
    },
    async upgrade(wanted, signal) {
      const labels = Object.entries(wanted.labels ?? {}).map(([key, value]) => `${key}=${value}`)
      await run(
        [
          'upgrade',
          wanted.release,
          ...chartWords(wanted),
          '--install',
          '--namespace',
          wanted.namespace,
          '--values',
          '-',
          '--reset-values',
          '--history-max',
          '5',
          '--timeout',
          '15m',
          ...(await forceWords()),
          ...(labels.length === 0 ? [] : ['--labels', labels.join(',')]),
          ...way,
        ],
        {stdin: wanted.values, ...withSignal(signal)},
      )
    },
    async rollback(release, namespace, revision) {
      await run(['rollback', release, String(revision), '--namespace', namespace, ...(await forceWords()), ...way])
    },
    async uninstall(release, namespace, signal) {
      await run(['uninstall', release, '--namespace', namespace, '--ignore-not-found', ...way], withSignal(signal))
    },
    async pull(chart, version, directory, signal) {
      const place = version === undefined ? [chart] : ['jupyterhub', '--repo', chart]
      await run(
        ['pull', ...place, ...(version === undefined ? [] : ['--version', version]), '--destination', directory],
        withSignal(signal),
      )
    },
  }
}
