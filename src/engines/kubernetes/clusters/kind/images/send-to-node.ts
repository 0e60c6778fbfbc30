import {JhubError} from '../../../../../errors.js'
import type {Commands, CommandResult} from '../../../../../host/processes/commands.js'
import type {LocalImage} from '../../cluster.js'
import {newLayersOnly} from './new-layers.js'
import type {NodeStores} from './node-store.js'

/** Into containerd's store, and unpacked for the kubelet, as `kind load` does it. */
const importImages =
  'tar --directory "$1" --create . | ctr --namespace k8s.io images import --digests --snapshotter=overlayfs -'

type Docker = (words: readonly string[], signal?: AbortSignal) => Promise<CommandResult>

interface Way {
  readonly commands: Commands
  readonly docker: Docker
  readonly store: NodeStores
}

interface Load {
  readonly node: string
  /** A directory in the node with one of `imagePlace` for each image, which is gone afterwards. */
  readonly place: string
  readonly images: readonly LocalImage[]
  readonly onBytes: (bytes: number) => void
}

/** Where one of the images waits. */
export function imagePlace(place: string, index: number): string {
  return `${place}/${String(index)}`
}

/**
 * Loads images of this machine's Docker into one node, without the layers that it has; the next is on its way while its
 * containerd, which unpacks one at a time, takes the one before. Throws `JHUB-E201` when it cannot.
 */
export async function sendToNode(way: Way, {node, place, images, onBytes}: Load, signal: AbortSignal): Promise<void> {
  const {commands, docker, store} = way
  const known = await store.layersOf(node)
  const bring = ({name}: LocalImage, to: string, platform: readonly string[]) =>
    commands.pipe(['docker', 'save', ...platform, name], ['docker', 'cp', '-', `${node}:${to}`], {
      signal,
      through: (archive) => newLayersOnly(archive, known, {onBytes}),
    })
  const take = async (from: string) => {
    await store.untilAll([node], (each) => store.isReady(each), 'the containerd of a node to answer', signal)
    await store.run(node, ['bash', '-o', 'pipefail', '-c', importImages, 'import', from], signal)
  }
  try {
    const platform = await platformWords(docker)
    let taken: Promise<unknown> = Promise.resolve()
    for (const [index, image] of images.entries()) {
      await Promise.all([bring(image, imagePlace(place, index), platform), taken])
      taken = take(imagePlace(place, index))
    }
    await taken
  } catch (error) {
    if (signal.aborted || !(error instanceof JhubError)) throw error
    const names = images.map((image) => image.name).join(', ')
    throw new JhubError('JHUB-E201', `The images ${names} could not be loaded into ${node}`, {
      cause: error.cause,
      fix: 'Run the same command again; it continues where it stopped.',
    })
  } finally {
    // A node that is gone has nothing to clear; one that stays is cleared by the next run too.
    await store.tryIn(node, ['rm', '-rf', '--', place])
  }
}

/** What `docker save` is told. With Docker's containerd store an archive of all platforms lacks those that are not here; from 28 on one can be named. */
export async function platformWords(docker: Docker): Promise<readonly string[]> {
  const {stdout} = await docker(['version', '--format', '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'])
  const [version = '', platform = ''] = stdout.trim().split(' ')
  return Number.parseInt(version, 10) >= 28 ? ['--platform', platform] : []
}
