import {JhubError} from '../../../errors.js'
import type {CommandResult} from '../../../host/commands.js'
import type {Host} from '../../../host/host.js'
import {waitUntil} from '../../../steps/wait-until.js'
import {newLayersOnly} from '../images/new-layers.js'
import type {LocalImage, NodeRole, OwnCluster} from './cluster.js'
import {nodesFor} from './kind-config.js'

/** Where images of this machine wait in a node until its containerd has taken them. */
const placeInNode = '/var/lib/jhub-images'
/** Into containerd's store, and unpacked for the kubelet, as `kind load` does it. */
const importImages =
  'tar --directory "$1" --create . | ctr --namespace k8s.io images import --digests --snapshotter=overlayfs -'
const notThere = {okExitCodes: [0, 1, 125, 126, 127, 137]}

/** Images of this machine's Docker in the nodes of a kind cluster. */
export function kindImages(
  {commands, clock}: Pick<Host, 'commands' | 'clock'>,
  docker: (words: readonly string[], signal?: AbortSignal) => Promise<CommandResult>,
  nodeNames: (signal?: AbortSignal) => Promise<readonly string[]>,
): Pick<OwnCluster, 'imagesToSend' | 'sendImages'> {
  const inNode = (node: string, words: readonly string[], signal?: AbortSignal) =>
    docker(['exec', '--privileged', node, ...words], signal)

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
    const {stdout} = await commands.run(['docker', 'exec', node, 'crictl', 'images', '-o', 'json'], notThere)
    if (!stdout.startsWith('{')) return new Map()
    const {images} = JSON.parse(stdout) as {images: readonly {id: string; repoTags?: readonly string[]}[]}
    return new Map(images.flatMap(({id, repoTags = []}) => repoTags.map((tag) => [shortName(tag), id] as const)))
  }

  const hasContainerd = async (node: string) => {
    const words = ['docker', 'exec', '--privileged', node, 'ctr', '--namespace', 'k8s.io', 'version']
    return (await commands.run(words, notThere)).exitCode === 0
  }

  /** With Docker's containerd store an archive of all platforms lacks those that are not here; from 28 on one can be named. */
  const platformWords = async () => {
    const {stdout} = await docker(['version', '--format', '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'])
    const [version = '', platform = ''] = stdout.trim().split(' ')
    return Number.parseInt(version, 10) >= 28 ? ['--platform', platform] : []
  }

  const sendTo = async (
    node: string,
    role: NodeRole,
    images: readonly LocalImage[],
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ) => {
    const {stdout} = await inNode(node, ['ctr', '--namespace', 'k8s.io', 'content', 'ls', '--quiet'])
    const known = new Set(stdout.split('\n').filter(Boolean))
    const names = images.map((image) => image.name)
    const place = `${placeInNode}/${role}`
    const clear = () => inNode(node, ['rm', '-rf', '--', place])
    try {
      await clear()
      await inNode(node, ['mkdir', '-p', '--', place])
      await commands.pipe(
        ['docker', 'save', ...(await platformWords()), ...names],
        ['docker', 'cp', '-', `${node}:${place}`],
        {signal, through: (archive) => newLayersOnly(archive, known, {onBytes})},
      )
      await inNode(node, ['bash', '-o', 'pipefail', '-c', importImages, 'import', place], signal)
    } catch (error) {
      if (signal.aborted || !(error instanceof JhubError)) throw error
      throw new JhubError('JHUB-E201', `The images ${names.join(', ')} could not be brought into ${node}`, {
        cause: error.cause,
        fix: 'Run the same command again; it goes on from here.',
      })
    } finally {
      // A node that is gone has nothing to clear; one that stays is cleared by the next run too.
      await clear().catch((error: unknown) => {
        if (!(error instanceof JhubError)) throw error
      })
    }
  }

  return {
    async imagesToSend(images, role) {
      const [local, names] = await Promise.all([localImages(images), nodeNames()])
      if (local.length === 0) return []
      const nodes = nodesFor(role, names)
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
        {what: 'the nodes to take images', deadlineMs: 180_000, intervalMs: 500, clock, signal},
      )
      const total = images.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0) * nodes.length
      let done = 0
      const note = images.map((image) => image.name.split('/').at(-1)).join(', ')
      const onBytes = (bytes: number) => {
        done = Math.min(total, done + bytes)
        context.report({done, total, unit: 'bytes', note})
      }
      for (const node of nodes) await sendTo(node, role, images, onBytes, signal)
    },
  }
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
