import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {Host} from '../../../host/host.js'
import {waitUntil} from '../../../steps/wait-until.js'
import {newLayersOnly} from '../images/new-layers.js'
import {kubernetesLayout} from '../layout.js'
import type {LocalProgram} from '../local-program.js'
import {volumesInNode} from '../names.js'
import {realHelm} from '../real-helm.js'
import {reachApi} from '../reach-api.js'
import {translateDockerError} from './docker-error.js'
import type {Cluster, LocalImage, OwnCluster} from './cluster.js'
import {readCluster, type NodeFacts} from './docker-facts.js'
import {clusterName, kindConfig, nodesFor} from './kind-config.js'
import {kindFindings} from './kind-findings.js'
import {isFrozen, thawNodes} from './thaw-nodes.js'

export interface KindOptions {
  readonly hubName: string
  readonly state: string
  readonly data: string
  readonly kind: LocalProgram
  readonly helm: LocalProgram
}

/** Left in the first node when the cluster is whole. */
const markInNode = '/kind/made-by-jhub'

/** A cluster in containers of this machine's Docker, by kind: made and removed by jhub. */
export function kindCluster(host: Host, {hubName, state, data, kind, helm}: KindOptions): Cluster {
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
    async inspect() {
      const names = await nodeNames()
      if (names.length === 0) return {state: 'missing'}
      const {stdout} = await docker(['inspect', ...names])
      return readCluster(JSON.parse(stdout) as NodeFacts[], layout.volumes, await isMarked(`${name}-control-plane`))
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

    async imagesToSend(images, role) {
      const local = await localImages(images)
      if (local.length === 0) return []
      const nodes = nodesFor(role, await nodeNames())
      const there = await Promise.all(nodes.map(imagesOf))
      return local.filter(({name: image, id}) => !there.every((found) => found.get(image) === id) || nodes.length === 0)
    },

    async sendImages(images, role, context) {
      const {signal} = context
      const nodes = await waitUntil(
        async () => {
          const names = nodesFor(role, await nodeNames(signal))
          if (names.length === 0) return {notYet: 'no node yet'}
          const answers = await Promise.all(names.map((node) => hasContainerd(node)))
          return answers.every(Boolean) ? {ready: names} : {notYet: 'its containerd does not answer yet'}
        },
        {what: 'the nodes to take images', deadlineMs: 180_000, intervalMs: 500, clock: host.clock, signal},
      )
      const total = images.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0) * nodes.length
      let done = 0
      const note = images.map((image) => image.name.split('/').at(-1)).join(', ')
      const onBytes = (bytes: number) => {
        done = Math.min(total, done + bytes)
        context.report({done, total, unit: 'bytes', note})
      }
      for (const node of nodes) await sendTo(node, images, onBytes, signal)
    },

    async deleteVolumes(names) {
      const [node] = await nodeNames()
      if (node === undefined || names.length === 0) return
      await inNode(node, 'rm', '-rf', '--', ...names.map((each) => path.posix.join(volumesInNode, each)))
    },
  }

  const hasContainerd = async (node: string) => {
    const words = ['docker', 'exec', '--privileged', node, 'ctr', '--namespace', 'k8s.io', 'version']
    return (await commands.run(words, {okExitCodes: [0, 1, 125, 126, 127, 137]})).exitCode === 0
  }

  const localImages = async (images: readonly string[]): Promise<readonly LocalImage[]> => {
    if (images.length === 0) return []
    const format = '{{json .Id}} {{json .Size}} {{json .RepoTags}} {{json .RepoDigests}}'
    const {stdout} = await commands.run(['docker', 'image', 'inspect', '--format', format, ...images], {
      okExitCodes: [0, 1],
    })
    const found = stdout.split('\n').filter(Boolean).map(readImage)
    return images.flatMap((image) => {
      const local = found.find(({names}) => names.includes(image))
      return local === undefined ? [] : [{name: image, id: local.id, sizeBytes: local.sizeBytes}]
    })
  }

  const imagesOf = async (node: string): Promise<ReadonlyMap<string, string>> => {
    const {stdout} = await commands.run(['docker', 'exec', node, 'crictl', 'images', '-o', 'json'], {
      okExitCodes: [0, 1, 125, 126, 127, 137],
    })
    if (!stdout.startsWith('{')) return new Map()
    const {images} = JSON.parse(stdout) as {images: readonly {id: string; repoTags?: readonly string[]}[]}
    return new Map(images.flatMap(({id, repoTags = []}) => repoTags.map((tag) => [shortName(tag), id] as const)))
  }

  const sendTo = async (
    node: string,
    images: readonly LocalImage[],
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ) => {
    const {stdout} = await inNode(node, 'ctr', '--namespace', 'k8s.io', 'content', 'ls', '--quiet')
    const known = new Set(stdout.split('\n').filter(Boolean))
    const names = images.map((image) => image.name)
    const words = ['ctr', '--namespace', 'k8s.io', 'images', 'import', '--digests', '--snapshotter=overlayfs', '-']
    try {
      await commands.pipe(
        ['docker', 'save', ...(await platformWords()), ...names],
        ['docker', 'exec', '--privileged', '--interactive', node, ...words],
        {signal, through: (archive) => newLayersOnly(archive, known, {onBytes})},
      )
    } catch (error) {
      if (signal.aborted || !(error instanceof JhubError)) throw error
      throw new JhubError('JHUB-E201', `The images ${names.join(', ')} could not be brought into ${node}`, {
        cause: error.cause,
        fix: 'Run the same command again; it goes on from here.',
      })
    }
  }

  /** With Docker's containerd store an archive of all platforms lacks those that are not here; from 28 on one can be named. */
  const platformWords = async () => {
    const {stdout} = await docker(['version', '--format', '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'])
    const [version = '', platform = ''] = stdout.trim().split(' ')
    return Number.parseInt(version, 10) >= 28 ? ['--platform', platform] : []
  }

  const cluster: Cluster = {
    title: `kind cluster ${name}`,
    layout,
    files,
    checksums: host.checksums,
    programs: [kind, helm],
    helm: realHelm(commands, () => helm.require(), {kubeconfig: layout.kubeconfig}, path.join(layout.logs, 'helm.log')),
    own,
    api: reachApi(files, host.tunnels, {kubeconfig: layout.kubeconfig}),
    findings: (spec) => kindFindings({host, programs: [kind, helm], layout, name, inspect: () => own.inspect()}, spec),
  }
  return cluster
}

function readImage(line: string): {readonly id: string; readonly sizeBytes: number; readonly names: readonly string[]} {
  const [id = '""', size = '0', tags = '[]', digests = '[]'] = line.split(' ')
  const list = (text: string) => (JSON.parse(text) as readonly string[] | null) ?? []
  return {id: JSON.parse(id) as string, sizeBytes: Number(size), names: [...list(tags), ...list(digests)]}
}

/** `docker.io/library/` and `docker.io/` are what Docker leaves out. */
function shortName(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '')
}
