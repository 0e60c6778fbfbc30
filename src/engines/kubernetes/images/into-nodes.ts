import type {OwnCluster} from '../clusters/cluster.js'
import {loadBuilds} from '../steps/images/load-builds.js'
import type {Build, ImageDelivery} from './image-delivery.js'

/** Into the nodes of a cluster of ours: only layers that they lack are sent, and a build has the same name there. */
export function intoNodes(own: OwnCluster, nodes: number): ImageDelivery {
  const found = (builds: readonly Build[]) =>
    own.imagesThere(
      builds.map(({reference}) => reference),
      'servers',
    )
  return {
    there: async (builds) => new Map((await found(builds)).map((reference) => [reference, reference])),
    async missing(builds) {
      const there = await found(builds)
      return builds.filter(({reference}) => !there.includes(reference))
    },
    async lost(references) {
      const there = await own.imagesThere(references, 'servers')
      return new Map(references.filter((each) => !there.includes(each)).map((each) => [each, 'the cluster']))
    },
    deliver: (wanted) => loadBuilds(own, nodes, async () => (await wanted()).map(({reference}) => reference)),
    forget: (references) => own.removeImages(references),
  }
}
