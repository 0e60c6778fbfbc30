import type {Change, Step} from '../../../steps/step.js'
import type {LocalImage, NodeRole, OwnCluster} from '../clusters/cluster.js'

/** Brings images of this machine into the cluster; what is not here, a node fetches itself. Sends only layers that it lacks. */
export function ensureImages(own: OwnCluster, role: NodeRole, images: () => Promise<readonly string[]>): Step {
  const missing = async () => own.imagesToSend(await images(), role)
  return {
    title: role === 'hub' ? 'Bring the images of hub and proxy' : "Bring the image of everybody's server",
    async check() {
      return describe(await missing())
    },
    async apply(context) {
      await own.sendImages(await missing(), role, context)
    },
  }
}

function describe(images: readonly LocalImage[]): Change | undefined {
  return images.length === 0
    ? undefined
    : {summary: `bring ${images.map(({name}) => name).join(', ')} into the cluster`, disturbs: 'live'}
}
