import {definedOnly} from '../../../defined-only.js'
import type {Commands} from '../../../host/processes/commands.js'
import type {Helm, HelmReleaseOptions} from './helm.js'

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
  const way = accessWords(access)
  const run = async (
    words: readonly string[],
    options: {readonly stdin?: string; readonly signal?: AbortSignal} = {},
  ) => commands.run([await program(), ...words], {timeoutMs: 1_200_000, logFile, ...options})
  /** Only reads the chart, and has its answer on stdout. */
  const read = async (words: readonly string[], options: {readonly stdin?: string; readonly signal?: AbortSignal}) =>
    (await commands.run([await program(), ...words], options)).stdout
  const forceWords = async () => forceWordsOf(await read(['version', '--short'], {}))

  /** A command asks for the same several times, before each of its steps. */
  const rendered = new Map<string, string>()

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
      const key = JSON.stringify([words, wanted.values])
      const said = rendered.get(key) ?? (await read(words, definedOnly({stdin: wanted.values, signal})))
      rendered.set(key, said)
      return said
    },
    defaults: (wanted, signal) => read(['show', 'values', ...chartWords(wanted)], definedOnly({signal})),
    async upgrade(wanted, signal) {
      const words = [...upgradeWords(wanted), ...(await forceWords()), ...labelWords(wanted.labels), ...way]
      await run(words, definedOnly({stdin: wanted.values, signal}))
    },
    async rollback(release, namespace, revision) {
      await run(['rollback', release, String(revision), '--namespace', namespace, ...(await forceWords()), ...way])
    },
    async uninstall(release, namespace, signal) {
      await run(['uninstall', release, '--namespace', namespace, '--ignore-not-found', ...way], definedOnly({signal}))
    },
    async pull(chart, version, directory, signal) {
      const place = version === undefined ? [chart] : ['jupyterhub', '--repo', chart, '--version', version]
      await run(['pull', ...place, '--destination', directory], definedOnly({signal}))
      rendered.clear()
    },
  }
}

function accessWords({kubeconfig, context}: ClusterAccess): readonly string[] {
  return [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--kube-context', context]),
  ]
}

function chartWords({chart, version}: Pick<HelmReleaseOptions, 'chart' | 'version'>): readonly string[] {
  return [chart, ...(version === undefined ? [] : ['--version', version])]
}

function upgradeWords(wanted: HelmReleaseOptions): readonly string[] {
  return [
    ...['upgrade', wanted.release, ...chartWords(wanted), '--install'],
    ...['--namespace', wanted.namespace, '--values', '-', '--reset-values'],
    ...['--history-max', '5', '--timeout', '15m'],
  ]
}

function labelWords(labels: HelmReleaseOptions['labels'] = {}): readonly string[] {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return pairs.length === 0 ? [] : ['--labels', pairs.join(',')]
}

/**
 * Takes back fields that somebody changed by hand. Helm 4 lets the cluster lay changes over each other, and ends with a
 * conflict where it is not told to; helm 3 always takes them.
 */
function forceWordsOf(version: string): readonly string[] {
  return /^v?[0-3]\./.test(version.trim()) ? [] : ['--server-side=true', '--force-conflicts']
}
