import path from 'node:path'
import type {Commands} from '../../../../host/commands.js'
import type {Host} from '../../../../host/host.js'
import {measureDirectories, measureDisk} from '../../../measure-directories.js'
import {kubernetesLayout} from '../layout.js'
import type {LocalProgram} from '../../tools/local-program.js'
import {volumesInNode} from '../names.js'
import {realHelm} from '../../release/real-helm.js'
import {reachApi} from '../../api/reach-api.js'
import {translateDockerError} from '../docker-error.js'
import type {Cluster, OwnCluster} from '../cluster.js'
import {readCluster, type NodeFacts} from '../docker-facts.js'
import {clusterName, kindConfig} from './kind-config.js'
import {kindFindings} from './kind-findings.js'
import {dockerImageBuilder} from '../../images/docker-image-builder.js'
import {kindImages} from './kind-images.js'
import {parseOomControls, readOomControls} from './oom-controls.js'
import {isFrozen, thawNodes} from './thaw-nodes.js'

export interface KindOptions {
  readonly hubName: string
  readonly state: string
  readonly data: string
  /** The directory of files shipped with jhub. */
  readonly assets: string
  readonly kind: LocalProgram
  readonly helm: LocalProgram
}

/** Left in the first node when the cluster is whole. */
const markInNode = '/kind/made-by-jhub'

/** A cluster in containers of this machine's Docker, by kind: made and removed by jhub. */
export function kindCluster(host: Host, {hubName, state, data, assets, kind, helm}: KindOptions): Cluster {
  const layout = kubernetesLayout(state, data)
  const name = clusterName(hubName)
  const {commands, files} = host
  const logFile = path.join(layout.logs, 'cluster.log')
  const docker = async (words: readonly string[], signal?: AbortSignal) => {
    try {
      return await commands.run(['docker', ...words], signal === undefined ? {} : {signal})
    } catch (error) {
      throw translateDockerError(error)
    }
  }
  const runKind = async (words: readonly string[], options: {stdin?: string; signal?: AbortSignal} = {}) => {
    await files.makeDirectory(layout.logs, {mode: 0o700})
    return commands.run([await kind.require(), ...words], {logFile, timeoutMs: 900_000, ...options})
  }

  const nodeNames = async (signal?: AbortSignal) => {
    const filter = `label=io.x-k8s.kind.cluster=${name}`
    const {stdout} = await docker(['ps', '--all', '--filter', filter, '--format', '{{.Names}}'], signal)
    return stdout.split('\n').filter(Boolean).sort()
  }
  const isMarked = async (node: string) => {
    const found = await commands.run(['docker', 'cp', `${node}:${markInNode}`, '-'], {okExitCodes: [0, 1]})
    return found.exitCode === 0
  }
  const inNode = (node: string, ...words: string[]) => docker(['exec', '--privileged', node, ...words])

  const own: OwnCluster = {
    roomAddresses: () => host.system.roomAddresses,
    async inspect() {
      const names = await nodeNames()
      if (names.length === 0) return {state: 'missing'}
      const [{stdout}, hasMark] = await Promise.all([docker(['inspect', ...names]), isMarked(`${name}-control-plane`)])
      return readCluster(JSON.parse(stdout) as NodeFacts[], layout.volumes, hasMark)
    },

    async create(settings, context) {
      const {signal} = context
      // Volumes are open to every account of a node; on this machine nobody else passes through their parent.
      await files.makeDirectory(layout.data, {mode: 0o700})
      await files.setMode(layout.data, 0o700)
      await files.makeDirectory(layout.volumes, {mode: 0o755})
      const hadNetwork = (await docker(['network', 'ls', '--format', '{{.Name}}'])).stdout.split('\n').includes('kind')
      if (!hadNetwork) await files.write(layout.networkMark, '', {mode: 0o600})
      context.report('starting its nodes')
      try {
        await runKind(
          ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', layout.kubeconfig, '--quiet'],
          {stdin: kindConfig(settings, layout.volumes), signal},
        )
      } catch (error) {
        throw signal.aborted ? error : translateDockerError(error)
      }
      await files.setMode(layout.kubeconfig, 0o600)
      await inNode(`${name}-control-plane`, 'touch', markInNode)
    },

    async remove(signal) {
      const words = ['delete', 'cluster', '--name', name, '--kubeconfig', layout.kubeconfig]
      const options = signal === undefined ? {} : {signal}
      try {
        await runKind(words, options)
      } catch (error) {
        if (!isFrozen(error)) throw error
        await thawNodes(docker, await nodeNames(signal), signal)
        await runKind(words, options)
      }
      await files.remove(layout.kubeconfig)
      if ((await files.stat(layout.networkMark)) === undefined) return
      // Another kind cluster may have come to use it: then Docker keeps it, and so do we.
      await commands.run(['docker', 'network', 'rm', 'kind'], {okExitCodes: [0, 1]})
      await files.remove(layout.networkMark)
    },

    async start(signal) {
      for (const node of await nodeNames()) await docker(['start', node], signal)
      if ((await files.read(layout.kubeconfig)) === undefined) {
        const {stdout} = await runKind(['get', 'kubeconfig', '--name', name])
        await files.write(layout.kubeconfig, stdout, {mode: 0o600})
      }
    },

    async stop(signal) {
      for (const node of (await nodeNames()).toReversed()) await docker(['stop', node], signal)
    },

    ...kindImages(host, docker, nodeNames),

    async memoryKills() {
      const nodes = await nodeNames()
      const said = await Promise.all(nodes.map((node) => docker(['exec', node, ...readOomControls])))
      return parseOomControls(said.map(({stdout}) => stdout).join('\n'))
    },

    async measureVolumes(names, signal) {
      const [node] = await nodeNames()
      if (node === undefined) return {volumes: new Map()}
      const run: Commands['run'] = (argv, options) => commands.run(['docker', 'exec', node, ...argv], options)
      const places = new Map(names.map((each) => [path.posix.join(volumesInNode, each), each]))
      const [disk, measured] = await Promise.all([
        measureDisk(run, volumesInNode),
        measureDirectories(run, [...places.keys()], signal),
      ])
      const volumes = new Map([...measured].map(([place, bytes]) => [places.get(place) ?? place, bytes]))
      return {volumes, ...(disk === undefined ? {} : {disk})}
    },

    async deleteVolumes(names) {
      const [node] = await nodeNames()
      if (node === undefined || names.length === 0) return
      await inNode(node, 'rm', '-rf', '--', ...names.map((each) => path.posix.join(volumesInNode, each)))
    },
  }

  const reach = reachApi(files, host.tunnels, {kubeconfig: layout.kubeconfig})
  const cluster: Cluster = {
    title: `kind cluster ${name}`,
    layout,
    files,
    checksums: host.checksums,
    programs: [kind, helm],
    helm: realHelm(commands, () => helm.require(), {kubeconfig: layout.kubeconfig}, path.join(layout.logs, 'helm.log')),
    own,
    builder: dockerImageBuilder({host, hubName, assets}),
    async hubNames() {
      const label = 'io.x-k8s.kind.cluster'
      const {stdout} = await docker(['ps', '--all', '--filter', `label=${label}`, '--format', `{{.Label "${label}"}}`])
      return [...new Set(stdout.split('\n').flatMap((each) => /^jhub-(.+)$/.exec(each)?.[1] ?? []))]
    },
    async api() {
      try {
        return await reach()
      } catch (error) {
        if ((await own.inspect()).state === 'running') throw error
        return undefined
      }
    },
    findings: (spec) => kindFindings({host, programs: [kind, helm], layout, name, inspect: () => own.inspect()}, spec),
  }
  return cluster
}
