import {definedOnly} from '../../../../../defined-only.js'
import type {CommandResult} from '../../../../../host/processes/commands.js'
import type {Host} from '../../../../../host/host.js'
import {waitUntil} from '../../../../../steps/wait-until.js'
import {findLocalImages} from './local-images.js'
import {sendToNode} from './send-to-node.js'
import type {LocalImage, OwnCluster} from '../../cluster.js'
import {nodesFor} from '../kind-config.js'
import {ctr, nodeMayBeGone, nodeStores, shortName} from './node-store.js'

/** An image of many gigabytes, over a slow line. */
const fetchMs = 1_800_000

/** Images of this machine's Docker in the nodes of a kind cluster. */
export function kindImages(
  {commands, clock, system: {nodePath}}: Pick<Host, 'commands' | 'clock' | 'system'>,
  docker: (words: readonly string[], signal?: AbortSignal) => Promise<CommandResult>,
  nodeNames: (signal?: AbortSignal) => Promise<readonly string[]>,
): Pick<OwnCluster, 'imagesToSend' | 'sendImages' | 'fetchImage' | 'imagesThere' | 'removeImages'> {
  const store = nodeStores({commands, clock})

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
      if (nodes.length === 0) return local
      const there = await Promise.all(nodes.map(async (node) => [node, await store.imagesOf(node)] as const))
      const isThere = async ({name, id, contents}: LocalImage) => {
        const has = there.map(async ([node, images]) => {
          const manifest = images.get(shortName(name))
          if (manifest === undefined) return false
          if (manifest === images.get(id)) return true
          const found = await store.imageOf(node, name)
          return found !== 'missing' && (found.id === id || found.contents === contents)
        })
        return (await Promise.all(has)).every(Boolean)
      }
      const isHere = await Promise.all(local.map(isThere))
      return local.filter((_, index) => isHere[index] !== true)
    },

    async imagesThere(images, role) {
      const nodes = nodesFor(role, await nodeNames())
      const there = await Promise.all(nodes.map((node) => store.imagesOf(node)))
      return there.length === 0 ? [] : images.filter((image) => there.every((found) => found.has(shortName(image))))
    },

    async removeImages(images) {
      if (images.length === 0) return
      for (const node of await nodeNames()) await store.tryIn(node, [...ctr, 'images', 'rm', ...images])
    },

    async fetchImage(image, role, signal) {
      for (const node of nodesFor(role, await nodeNames(signal))) {
        const words = ['docker', 'exec', '--privileged', node, 'crictl', 'pull', image]
        const {exitCode, stderr} = await commands.run(words, {
          okExitCodes: [...nodeMayBeGone.okExitCodes, 2],
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
      await store.untilRunning(nodes, signal)
      // Of several it is not known what they share.
      const [only, ...more] = images
      const total = only === undefined || more.length > 0 ? undefined : only.sizeBytes * nodes.length
      let done = 0
      const note = images.map((image) => image.name.split('/').at(-1)).join(', ')
      const onBytes = (bytes: number) => {
        done = Math.min(total ?? Infinity, done + bytes)
        context.report({done, ...definedOnly({total}), unit: 'bytes', note})
      }
      for (const node of nodes) await sendToNode({commands, nodePath, docker, store}, {node, images, onBytes}, signal)
    },
  }
}
