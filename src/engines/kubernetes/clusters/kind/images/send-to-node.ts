import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {JhubError} from '../../../../../errors.js'
import type {Commands, CommandResult} from '../../../../../host/processes/commands.js'
import type {LocalImage} from '../../cluster.js'
import type {NodeStores} from './node-store.js'

/**
 * Into containerd's store, and unpacked for the kubelet, as `kind load` does it. The containerd of a node that boots answers
 * after some seconds, in which Docker prepares the archive.
 */
const importImages = `until [ -S /run/containerd/containerd.sock ] && ctr version > /dev/null 2>&1; do
  if [ $SECONDS -ge 180 ]; then echo "containerd does not answer" >&2; exit 1; fi
  sleep 0.2
done
exec ctr --namespace k8s.io images import --digests --snapshotter=overlayfs -`

/** Beside this module, and of its kind: in the package both are of one build. */
const newLayers = fileURLToPath(new URL(`new-layers${path.extname(import.meta.url)}`, import.meta.url))

type Docker = (words: readonly string[], signal?: AbortSignal) => Promise<CommandResult>

interface Way {
  readonly commands: Commands
  readonly nodePath: string
  readonly docker: Docker
  readonly store: NodeStores
}

interface Load {
  readonly node: string
  readonly images: readonly LocalImage[]
  readonly onBytes: (bytes: number) => void
}

/**
 * Loads images of this machine's Docker into one node, without the layers that it has. In one archive: Docker writes the layers
 * that they share once. Throws `JHUB-E201` when it cannot.
 */
export async function sendToNode(way: Way, {node, images, onBytes}: Load, signal: AbortSignal): Promise<void> {
  const {commands, nodePath, docker, store} = way
  const names = images.map(({name}) => name)
  const [known, platform] = await Promise.all([store.layersOf(node), platformWords(docker)])
  try {
    await commands.pipe(
      [
        ['docker', 'save', ...platform, ...names],
        [nodePath, newLayers, ...known],
        ['docker', 'exec', '--privileged', '--interactive', node, 'bash', '-c', importImages],
      ],
      {signal, onLine: (line) => onBytes(/^\d+$/.test(line) ? Number(line) : 0)},
    )
  } catch (error) {
    if (signal.aborted || !(error instanceof JhubError)) throw error
    throw new JhubError('JHUB-E201', `The images ${names.join(', ')} could not be loaded into ${node}`, {
      cause: error.cause,
      fix: 'Run the same command again; it continues where it stopped.',
    })
  }
}

/** What `docker save` is told. With Docker's containerd store an archive of all platforms lacks those that are not here; from 28 on one can be named. */
export async function platformWords(docker: Docker): Promise<readonly string[]> {
  const {stdout} = await docker(['version', '--format', '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'])
  const [version = '', platform = ''] = stdout.trim().split(' ')
  return Number.parseInt(version, 10) >= 28 ? ['--platform', platform] : []
}
