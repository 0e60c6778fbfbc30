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
  /** A directory in the node, which is gone afterwards. */
  readonly place: string
  readonly images: readonly LocalImage[]
  readonly onBytes: (bytes: number) => void
}

/** Loads images of this machine's Docker into one node, without the layers that it has. Throws `JHUB-E201` when it cannot. */
export async function sendToNode(
  {commands, docker, store}: Way,
  {node, place, images, onBytes}: Load,
  signal: AbortSignal,
): Promise<void> {
  const known = await store.layersOf(node)
  const names = images.map((image) => image.name)
  try {
    await commands.pipe(
      ['docker', 'save', ...(await platformWords(docker)), ...names],
      ['docker', 'cp', '-', `${node}:${place}`],
      {signal, through: (archive) => newLayersOnly(archive, known, {onBytes})},
    )
    await store.untilAll([node], (each) => store.isReady(each), 'the containerd of a node to answer', signal)
    await store.run(node, ['bash', '-o', 'pipefail', '-c', importImages, 'import', place], signal)
  } catch (error) {
    if (signal.aborted || !(error instanceof JhubError)) throw error
    throw new JhubError('JHUB-E201', `The images ${names.join(', ')} could not be loaded into ${node}`, {
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
