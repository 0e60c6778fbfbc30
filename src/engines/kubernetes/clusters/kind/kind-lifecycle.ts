import path from 'node:path'
import type {Host} from '../../../../host/host.js'
import {definedOnly} from '../../../../defined-only.js'
import type {LocalProgram} from '../../tools/local-program.js'
import type {ClusterSettings, OwnCluster} from '../cluster.js'
import {translateDockerError} from '../docker-error.js'
import {readCluster, type NodeFacts} from '../findings/docker-facts.js'
import type {Layout} from '../layout.js'
import {kindConfig} from './kind-config.js'
import type {KindNodes} from './kind-nodes.js'
import {isFrozen, thawNodes} from './thaw-nodes.js'

/** Left in the first node when the cluster is whole. */
const markInNode = '/kind/made-by-jhub'

export interface KindLifecycleOptions {
  readonly host: Pick<Host, 'commands' | 'files'>
  /** The name of the cluster, as kind has it. */
  readonly name: string
  readonly layout: Layout
  readonly kind: LocalProgram
  readonly nodes: KindNodes
}

/** How a kind cluster is made, looked at, stopped, started and removed. */
export function kindLifecycle({
  host: {commands, files},
  name,
  layout,
  kind,
  nodes,
}: KindLifecycleOptions): Pick<OwnCluster, 'inspect' | 'create' | 'remove' | 'start' | 'stop'> {
  const firstNode = `${name}-control-plane`
  const logFile = path.join(layout.logs, 'cluster.log')
  const runKind = async (words: readonly string[], options: {stdin?: string; signal?: AbortSignal} = {}) => {
    await files.makeDirectory(layout.logs, {mode: 0o700})
    return commands.run([await kind.require(), ...words], {logFile, timeoutMs: 900_000, ...options})
  }
  const isMarked = async () => {
    const found = await commands.run(['docker', 'cp', `${firstNode}:${markInNode}`, '-'], {okExitCodes: [0, 1]})
    return found.exitCode === 0
  }
  const createNodes = async (settings: ClusterSettings, signal: AbortSignal) => {
    // With `--quiet`, kind does not even say why it failed.
    const words = ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', layout.kubeconfig]
    try {
      await runKind(words, {stdin: kindConfig(settings, layout.volumes), signal})
    } catch (error) {
      throw signal.aborted ? error : translateDockerError(error)
    }
  }

  return {
    async inspect() {
      const names = await nodes.names()
      if (names.length === 0) return {state: 'missing'}
      const [{stdout}, hasMark] = await Promise.all([nodes.docker(['inspect', ...names]), isMarked()])
      return readCluster(JSON.parse(stdout) as NodeFacts[], layout.volumes, hasMark)
    },

    async create(settings, context) {
      // Volumes are open to every account of a node; on this machine nobody else passes through their parent.
      await files.makeDirectory(layout.data, {mode: 0o700})
      await files.setMode(layout.data, 0o700)
      await files.makeDirectory(layout.volumes, {mode: 0o755})
      const networks = await nodes.docker(['network', 'ls', '--format', '{{.Name}}'])
      if (!networks.stdout.split('\n').includes('kind')) await files.write(layout.networkMark, '', {mode: 0o600})
      context.report('starting its nodes')
      await createNodes(settings, context.signal)
      await files.setMode(layout.kubeconfig, 0o600)
      await nodes.run(firstNode, 'touch', markInNode)
    },

    async remove(signal) {
      const words = ['delete', 'cluster', '--name', name, '--kubeconfig', layout.kubeconfig]
      try {
        await runKind(words, definedOnly({signal}))
      } catch (error) {
        if (!isFrozen(error)) throw error
        await thawNodes(nodes.docker, await nodes.names(signal), signal)
        await runKind(words, definedOnly({signal}))
      }
      await files.remove(layout.kubeconfig)
      if ((await files.stat(layout.networkMark)) === undefined) return
      // Another kind cluster may have come to use it: then Docker keeps it, and so do we.
      await commands.run(['docker', 'network', 'rm', 'kind'], {okExitCodes: [0, 1]})
      await files.remove(layout.networkMark)
    },

    async start(signal) {
      await nodes.start(signal)
      if ((await files.read(layout.kubeconfig)) !== undefined) return
      const {stdout} = await runKind(['get', 'kubeconfig', '--name', name])
      await files.write(layout.kubeconfig, stdout, {mode: 0o600})
    },

    stop: (signal) => nodes.stop(signal),
  }
}
