import type {CommandResult} from '../../../../../host/processes/commands.js'
import type {Host} from '../../../../../host/host.js'
import {imageDigest} from '../../../images/image-digest.js'
import {waitUntil} from '../../../../../steps/wait-until.js'

/** Docker's words, also of a node that is going, and what the node says of an image that it does not have. */
const hasNone = /is not running|is paused|is restarting|no such container|marked for removal|no such image/i
/** Docker's exit codes, and those of a program that it ends, when a node is going or gone. */
export const nodeMayBeGone = {okExitCodes: [0, 1, 125, 126, 127, 137]}

/** The client of a node's containerd, at what Kubernetes has there. */
export const ctr = ['ctr', '--namespace', 'k8s.io']

/** What a node says of one of its images. */
export interface StoredImage {
  readonly id: string
  /** As `LocalImage.contents`; `undefined` where the node does not say. */
  readonly contents: string | undefined
}

/** The containerd of each node: what it has, and programs beside it. */
export interface NodeStores {
  /** Also in a node that boots, is going or gone: the exit code tells. */
  tryIn(node: string, words: readonly string[]): Promise<CommandResult>
  /**
   * Its images: short names, and ids as the kubelet has them, with the digest of the manifest that each stands for. A node that
   * is stopped has none to tell of; of one that runs and does not answer nothing is known: throws.
   */
  imagesOf(node: string): Promise<ReadonlyMap<string, string>>
  /** One of its images; of a node that is stopped or silent as `imagesOf`. Slow: its program alone takes a quarter of a second. */
  imageOf(node: string, image: string): Promise<StoredImage | 'missing'>
  /** Digests of what it has; a node that boots has nothing of ours yet. */
  layersOf(node: string): Promise<Set<string>>
  /** Waits until each of the nodes runs programs, at most three minutes. */
  untilRunning(nodes: readonly string[], signal: AbortSignal): Promise<unknown>
}

/** What the nodes of a kind cluster have, asked by this machine's Docker. */
export function nodeStores({commands, clock}: Pick<Host, 'commands' | 'clock'>): NodeStores {
  const tryIn = (node: string, words: readonly string[]) =>
    commands.run(['docker', 'exec', '--privileged', node, ...words], nodeMayBeGone)
  const containerd = (node: string, words: readonly string[]) => tryIn(node, [...ctr, ...words])
  const untilListed = <T>(
    node: string,
    words: readonly string[],
    {read, none}: {readonly read: (listed: string) => T | undefined; readonly none: T},
  ) =>
    waitUntil(
      async () => {
        const {stdout, stderr, exitCode} = await tryIn(node, words)
        const found = exitCode === 0 ? read(stdout) : undefined
        if (found !== undefined) return {ready: found}
        return hasNone.test(stderr) ? {ready: none} : {notYet: lastLine(stderr)}
      },
      {what: `the node ${node} to list its images`, deadlineMs: 60_000, intervalMs: 1000, clock, fix: 'jhub up'},
    )

  return {
    tryIn,
    imagesOf: (node) => untilListed(node, [...ctr, 'images', 'ls'], {read: imagesIn, none: new Map<string, string>()}),
    imageOf: (node, image) =>
      untilListed<StoredImage | 'missing'>(node, ['crictl', 'inspecti', '-o', 'json', image], {
        read: imageIn,
        none: 'missing',
      }),
    async layersOf(node) {
      const {stdout, exitCode} = await containerd(node, ['content', 'ls', '--quiet'])
      return new Set(exitCode === 0 ? stdout.split('\n').filter(Boolean) : [])
    },
    untilRunning: (nodes, signal) =>
      waitUntil(
        async () => {
          const answers = await Promise.all(nodes.map((node) => tryIn(node, ['true'])))
          const late = nodes.filter((_, index) => answers[index]?.exitCode !== 0)
          return late.length === 0 ? {ready: true} : {notYet: `not yet in ${late.join(', ')}`}
        },
        {what: 'the nodes to start', deadlineMs: 180_000, intervalMs: 500, clock, signal},
      ),
  }
}

/** The first line has the headings: REF, TYPE, DIGEST and more. */
function imagesIn(listed: string): ReadonlyMap<string, string> {
  const lines = listed.split('\n').slice(1).filter(Boolean)
  return new Map(
    lines.map((line) => {
      const [name = '', , digest = ''] = line.split(/\s+/)
      return [name.startsWith('sha256:') ? name : shortName(name), digest]
    }),
  )
}

interface Inspected {
  readonly status: {readonly id: string}
  readonly info?: {
    readonly imageSpec?: {readonly created?: string; readonly rootfs?: {readonly diff_ids?: readonly string[]}}
  }
}

function imageIn(inspected: string): StoredImage | undefined {
  if (!inspected.startsWith('{')) return undefined
  const {status, info} = JSON.parse(inspected) as Inspected
  const {created, rootfs} = info?.imageSpec ?? {}
  const layers = rootfs?.diff_ids
  return {id: status.id, contents: layers === undefined ? undefined : imageDigest({created, layers})}
}

function lastLine(said: string): string {
  return said.trim().split('\n').at(-1) ?? ''
}

/** `docker.io/library/` and `docker.io/` are what Docker leaves out, and `:latest` is what it takes for no tag. */
export function shortName(image: string): string {
  const name = image.replace(/^docker\.io\/(?:library\/)?/, '')
  return name.includes('@') || name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`
}
