import type {Step} from '../../../../steps/step.js'
import type {OwnCluster} from '../../clusters/cluster.js'

/** Loads what was built here into the nodes where servers run; only the layers that each lacks are sent. */
export function loadBuilds(own: OwnCluster, nodes: number, wanted: () => Promise<readonly string[]>): Step {
  let sent: readonly string[] = []
  const missing = async () => {
    const references = await wanted()
    const there = await own.imagesThere(references, 'servers')
    return references.filter((each) => !there.includes(each))
  }
  return {
    title: 'Load images into the cluster',
    async check() {
      const names = await missing()
      return names.length === 0 ? undefined : {summary: `load ${names.join(', ')} into the cluster`, disturbs: 'live'}
    },
    async apply(context) {
      sent = await missing()
      const images = await own.imagesToSend(sent, 'servers')
      if (images.length > 0) await own.sendImages(images, 'servers', nodes, context)
    },
    async undo() {
      await own.removeImages(sent)
    },
  }
}
