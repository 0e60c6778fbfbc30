import path from 'node:path'
import type {Host} from '../../../../host/host.js'
import {definedOnly} from '../../../../defined-only.js'
import {JhubError, outputOf} from '../../../../errors.js'
import type {LocalProgram} from '../../tools/local-program.js'
import type {ClusterFound, ClusterSettings, OwnCluster} from '../cluster.js'
import {translateDockerError} from '../docker-error.js'
import {readCluster, type NodeFacts} from '../findings/docker-facts.js'
import type {Layout} from '../layout.js'
import {askOnce} from '../../../../steps/ask-once.js'
import {endLeftMaking} from './end-left-making.js'
import {kindConfig} from './kind-config.js'
import type {KindNodes} from './kind-nodes.js'
import {isFrozen, thawNodes} from './thaw-nodes.js'

/** Left in the first node when the cluster is whole. */
const markInNode = '/kind/made-by-jhub'

export interface KindLifecycleOptions {
  readonly host: Pick<Host, 'commands' | 'files' | 'processes' | 'clock'>
  /** The name of the cluster, as kind has it. */
  readonly name: string
  readonly layout: Layout
  readonly kind: LocalProgram
  readonly nodes: KindNodes
}

/** How a kind cluster is made, looked at, stopped, started and removed. */
export function kindLifecycle({
  host,
  name,
  layout,
  kind,
  nodes,
}: KindLifecycleOptions): Pick<OwnCluster, 'inspect' | 'create' | 'remove' | 'start' | 'stop'> {
  const {commands, files} = host
  const firstNode = `${name}-control-plane`
  const logFile = path.join(layout.logs, 'cluster.log')
  const runKind = async (words: readonly string[], options: {stdin?: string; signal?: AbortSignal} = {}) => {
    await files.makeDirectory(layout.logs, {mode: 0o700})
    return commands.run([await kind.require(), ...words], {logFile, timeoutMs: 900_000, ...options})
  }
  const createNodes = async (settings: ClusterSettings, signal: AbortSignal) => {
    // With `--quiet`, kind does not even say why it failed.
    const words = ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', layout.kubeconfig]
    await runKind(words, {stdin: kindConfig(settings, layout.volumes), signal})
  }
  const endLeft = (signal?: AbortSignal) => endLeftMaking(host, {name, kubeconfig: layout.kubeconfig}, signal)
  const removeNodes = async (signal?: AbortSignal) => {
    const words = ['delete', 'cluster', '--name', name, '--kubeconfig', layout.kubeconfig]
    try {
      await runKind(words, definedOnly({signal}))
    } catch (error) {
      if (!isFrozen(error)) throw error
      await thawNodes(nodes.docker, await nodes.names(signal), signal)
      await runKind(words, definedOnly({signal}))
    }
  }
  const inspect = askOnce(() => findCluster(commands, nodes, {firstNode, layout}))
  /** Docker finishes a container that was asked for by a kind that was killed: it may come after one has looked for it. */
  const createAfterLate = async (settings: ClusterSettings, signal: AbortSignal) => {
    try {
      await createNodes(settings, signal)
    } catch (error) {
      if (signal.aborted || !isTaken(error)) throw error
      const {state} = await inspect()
      if (state !== 'half-made' && state !== 'missing') throw error
      await removeNodes(signal)
      await createNodes(settings, signal)
    }
  }

  return {
    inspect,

    async create(settings, context) {
      // Volumes are open to every account of a node; on this machine nobody else passes through their parent.
      await files.makeDirectory(layout.data, {mode: 0o700})
      await files.setMode(layout.data, 0o700)
      await files.makeDirectory(layout.volumes, {mode: 0o755})
      const networks = await nodes.docker(['network', 'ls', '--format', '{{.Name}}'])
      if (!networks.stdout.split('\n').includes('kind')) await files.write(layout.networkMark, '', {mode: 0o600})
      context.report('starting its nodes')
      await endLeft(context.signal)
      try {
        await createAfterLate(settings, context.signal)
      } catch (error) {
        throw context.signal.aborted ? error : translateDockerError(error)
      }
      await files.setMode(layout.kubeconfig, 0o600)
      await nodes.run(firstNode, 'touch', markInNode)
    },

    async remove(signal) {
      await endLeft(signal)
      await removeNodes(signal)
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

async function findCluster(
  commands: Host['commands'],
  nodes: KindNodes,
  place: {readonly firstNode: string; readonly layout: Layout},
  triesLeft = 10,
): Promise<ClusterFound> {
  const names = await nodes.names()
  if (names.length === 0) return {state: 'missing'}
  try {
    const [{stdout}, mark] = await Promise.all([
      nodes.docker(['inspect', ...names]),
      commands.run(['docker', 'cp', `${place.firstNode}:${markInNode}`, '-'], {okExitCodes: [0, 1]}),
    ])
    return readCluster(JSON.parse(stdout) as NodeFacts[], place.layout.volumes, mark.exitCode === 0)
  } catch (error) {
    if (triesLeft === 0 || !isGone(error)) throw error
    return findCluster(commands, nodes, place, triesLeft - 1)
  }
}

/** A node was removed since it was listed, as by the `kind delete` of a jhub that was killed. */
function isGone(error: unknown): boolean {
  return error instanceof JhubError && /no such (?:object|container)/i.test(outputOf(error))
}

/** A node of that name is there: for kind, or for Docker. */
function isTaken(error: unknown): boolean {
  const known = /node\(s\) already exist for a cluster|container name \S+ is already in use/
  return error instanceof JhubError && known.test(outputOf(error))
}
