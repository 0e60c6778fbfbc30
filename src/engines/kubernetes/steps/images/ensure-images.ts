import type {Change, Step} from '../../../../steps/step.js'
import type {LocalImage, NodeRole, OwnCluster} from '../../clusters/cluster.js'

/** Loads images of this machine into the cluster; what is not here, a node fetches itself. Sends only layers that it lacks. */
export function ensureImages(
  own: OwnCluster,
  role: NodeRole,
  count: number,
  wanted: () => Promise<readonly string[]>,
): Step {
  const missing = async () => own.imagesToSend(await wanted(), role)
  /** Nodes that are being made have none of them, and take long to say so. */
  const next = async () => {
    const names = await wanted()
    const {state} = await own.inspect()
    return state === 'missing' || state === 'half-made' ? own.archives.here(names) : own.imagesToSend(names, role)
  }
  return {
    title: role === 'hub' ? 'Load the images of hub and proxy' : "Load the image of people's servers",
    async check() {
      return describe(await missing())
    },
    async apply(context) {
      // What goes on beside this step may have shown that nothing is needed after all.
      const images = await next()
      if (images.length > 0) await own.sendImages(images, role, count, context)
    },
  }
}

function describe(images: readonly LocalImage[]): Change | undefined {
  return images.length === 0
    ? undefined
    : {summary: `load ${images.map(({name}) => name).join(', ')} into the cluster`, disturbs: 'live'}
}
