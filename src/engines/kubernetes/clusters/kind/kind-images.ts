import {JhubError} from '../../../../errors.js'
import type {CommandResult} from '../../../../host/processes/commands.js'
import type {Host} from '../../../../host/host.js'
import {waitUntil} from '../../../../steps/wait-until.js'
import {findLocalImages} from './local-images.js'
import {newLayersOnly} from './new-layers.js'
import type {LocalImage, OwnCluster} from '../cluster.js'
import {nodesFor} from './kind-config.js'

/** Where images of this machine wait in a node until its containerd has taken them. */
const placeInNode = '/var/lib/jhub-images'
/** Into containerd's store, and unpacked for the kubelet, as `kind load` does it. */
const importImages =
  'tar --directory "$1" --create . | ctr --namespace k8s.io images import --digests --snapshotter=overlayfs -'
/** An image of many gigabytes, over a slow line. */
const fetchMs = 1_800_000
/** Docker's words, also of a node that is going. */
const notRunning = /is not running|is paused|is restarting|no such container|marked for removal/i
const notThere = {okExitCodes: [0, 1, 125, 126, 127, 137]}

/** Images of this machine's Docker in the nodes of a kind cluster. */
export function kindImages(
  {commands, clock}: Pick<Host, 'commands' | 'clock'>,
  docker: (words: readonly string[], signal?: AbortSignal) => Promise<CommandResult>,
  nodeNames: (signal?: AbortSignal) => Promise<readonly string[]>,
): Pick<OwnCluster, 'imagesToSend' | 'sendImages' | 'fetchImage' | 'imagesThere' | 'removeImages'> {
  const inNode = (node: string, words: readonly string[], signal?: AbortSignal) =>
    docker(['exec', '--privileged', node, ...words], signal)
  /** Also of a node that boots, is going or gone. */
  const tryInNode = (node: string, words: readonly string[]) =>
    commands.run(['docker', 'exec', '--privileged', node, ...words], notThere)

  /** A node that is stopped has none to tell of; of one that runs and does not answer nothing is known. */
  const imagesOf = async (node: string): Promise<ReadonlyMap<string, string>> =>
    waitUntil(
      async () => {
        const {stdout, stderr, exitCode} = await tryInNode(node, ['crictl', 'images', '-o', 'json'])
        if (exitCode === 0 && stdout.startsWith('{')) return {ready: tagsIn(stdout)}
        return notRunning.test(stderr) ? {ready: new Map<string, string>()} : {notYet: lastLine(stderr)}
      },
      {what: `the node ${node} to list its images`, deadlineMs: 60_000, intervalMs: 1000, clock, fix: 'jhub up'},
    )

  const hasContainerd = async (node: string) =>
    (await tryInNode(node, ['ctr', '--namespace', 'k8s.io', 'version'])).exitCode === 0

  /** With Docker's containerd store an archive of all platforms lacks those that are not here; from 28 on one can be named. */
  const platformWords = async () => {
    const {stdout} = await docker(['version', '--format', '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'])
    const [version = '', platform = ''] = stdout.trim().split(' ')
    return Number.parseInt(version, 10) >= 28 ? ['--platform', platform] : []
  }

  /** A node that boots has nothing of ours yet. */
  const layersOf = async (node: string) => {
    const {stdout, exitCode} = await tryInNode(node, ['ctr', '--namespace', 'k8s.io', 'content', 'ls', '--quiet'])
    return new Set(exitCode === 0 ? stdout.split('\n').filter(Boolean) : [])
  }

  const sendTo = async (
    node: string,
    place: string,
    images: readonly LocalImage[],
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ) => {
    const known = await layersOf(node)
    const names = images.map((image) => image.name)
    try {
      await commands.pipe(
        ['docker', 'save', ...(await platformWords()), ...names],
        ['docker', 'cp', '-', `${node}:${place}`],
        {signal, through: (archive) => newLayersOnly(archive, known, {onBytes})},
      )
      await untilAll([node], hasContainerd, 'the containerd of a node to answer', signal)
      await inNode(node, ['bash', '-o', 'pipefail', '-c', importImages, 'import', place], signal)
    } catch (error) {
      if (signal.aborted || !(error instanceof JhubError)) throw error
      throw new JhubError('JHUB-E201', `The images ${names.join(', ')} could not be loaded into ${node}`, {
        cause: error.cause,
        fix: 'Run the same command again; it goes on from here.',
      })
    } finally {
      // A node that is gone has nothing to clear; one that stays is cleared by the next run too.
      await tryInNode(node, ['rm', '-rf', '--', place])
    }
  }

  const untilAll = (
    nodes: readonly string[],
    isReady: (node: string) => Promise<boolean>,
    what: string,
    signal: AbortSignal,
  ) =>
    waitUntil(
      async () => {
        const answers = await Promise.all(nodes.map(isReady))
        const late = nodes.filter((_, index) => answers[index] !== true)
        return late.length === 0 ? {ready: true} : {notYet: `not yet in ${late.join(', ')}`}
      },
      {what, deadlineMs: 180_000, intervalMs: 500, clock, signal},
    )

  /** All of them: while kind makes a cluster, they come one by one. */
  const untilNodes = (count: number, signal: AbortSignal) =>
    waitUntil(
      async () => {
        const names = await nodeNames(signal)
        return names.length >= count
          ? {ready: names}
          : {notYet: `${String(names.length)} of ${String(count)} are there`}
      },
      {what: 'the nodes', deadlineMs: 180_000, intervalMs: 200, clock, signal},
    )

  return {
    async imagesToSend(images, role) {
      const [local, names] = await Promise.all([findLocalImages(commands, images), nodeNames()])
      if (local.length === 0) return []
      const nodes = nodesFor(role, names)
      const there = await Promise.all(nodes.map(imagesOf))
      return local.filter(({name: image, id}) => !there.every((found) => found.get(image) === id) || nodes.length === 0)
    },

    async imagesThere(images, role) {
      const nodes = nodesFor(role, await nodeNames())
      const there = await Promise.all(nodes.map(imagesOf))
      return there.length === 0 ? [] : images.filter((image) => there.every((found) => found.has(shortName(image))))
    },

    async removeImages(images) {
      if (images.length === 0) return
      for (const node of await nodeNames())
        await tryInNode(node, ['ctr', '--namespace', 'k8s.io', 'images', 'rm', ...images])
    },

    async fetchImage(image, role, signal) {
      for (const node of nodesFor(role, await nodeNames(signal))) {
        const words = ['docker', 'exec', '--privileged', node, 'crictl', 'pull', image]
        const {exitCode, stderr} = await commands.run(words, {
          okExitCodes: [...notThere.okExitCodes, 2],
          timeoutMs: fetchMs,
          signal,
        })
        if (exitCode !== 0) return stderr
      }
      return undefined
    },

    async sendImages(images, role, count, context) {
      const {signal} = context
      const nodes = nodesFor(role, await untilNodes(count, signal))
      const place = `${placeInNode}/${role}`
      const words = ['sh', '-c', 'rm -rf -- "$1" && mkdir -p -- "$1"', 'make-way', place]
      const makeWay = async (node: string) => (await tryInNode(node, words)).exitCode === 0
      await untilAll(nodes, makeWay, 'the nodes to start', signal)
      const total = images.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0) * nodes.length
      let done = 0
      const note = images.map((image) => image.name.split('/').at(-1)).join(', ')
      const onBytes = (bytes: number) => {
        done = Math.min(total, done + bytes)
        context.report({done, total, unit: 'bytes', note})
      }
      for (const node of nodes) await sendTo(node, place, images, onBytes, signal)
    },
  }
}

function tagsIn(listed: string): ReadonlyMap<string, string> {
  const {images} = JSON.parse(listed) as {images: readonly {id: string; repoTags?: readonly string[]}[]}
  return new Map(images.flatMap(({id, repoTags = []}) => repoTags.map((tag) => [shortName(tag), id] as const)))
}

function lastLine(said: string): string {
  return said.trim().split('\n').at(-1) ?? ''
}

/** `docker.io/library/` and `docker.io/` are what Docker leaves out. */
function shortName(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '')
}
