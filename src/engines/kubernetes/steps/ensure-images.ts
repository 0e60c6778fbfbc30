import type {Change, Step} from '../../../steps/step.js'
import type {LocalImage, OwnCluster} from '../clusters/cluster.js'

/** Brings images of this machine into the cluster; what is not here, a node fetches itself. Sends only layers that it lacks. */
export function ensureImages(own: OwnCluster, title: string, images: () => Promise<readonly string[]>): Step {
  const missing = async () => own.imagesToSend(await images())
  return {
    title,
    async check() {
      return describe(await missing())
    },
    async apply(context) {
      await own.sendImages(await missing(), context)
    },
  }
}

function describe(images: readonly LocalImage[]): Change | undefined {
  return images.length === 0
    ? undefined
    : {summary: `bring ${images.map(({name}) => name).join(', ')} into the cluster`, disturbs: 'live'}
}
