import type {Change, Step} from '../../../../steps/step.js'
import type {LocalImage, NodeRole, OwnCluster} from '../../clusters/cluster.js'

/** What `ensureImages` loads: everything onto the only node, or what each kind of node runs. */
export type ImagesOf = 'hub and servers' | NodeRole

const titles = {
  'hub and servers': "Load the images of hub, proxy and people's servers",
  hub: 'Load the images of hub and proxy',
  servers: "Load the image of people's servers",
} satisfies Readonly<Record<ImagesOf, string>>

/** Loads images of this machine into the cluster; what is not here, a node fetches itself. Sends only layers that it lacks. */
export function ensureImages(
  own: OwnCluster,
  kind: ImagesOf,
  count: number,
  wanted: () => Promise<readonly string[]>,
): Step {
  const role = kind === 'servers' ? 'servers' : 'hub'
  const missing = async () => own.imagesToSend(await wanted(), role)
  /** Nodes that are being made have none of them, and take long to say so. */
  const next = async () => {
    const names = await wanted()
    const {state} = await own.inspect()
    return state === 'missing' || state === 'half-made' ? own.archives.here(names) : own.imagesToSend(names, role)
  }
  return {
    title: titles[kind],
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
