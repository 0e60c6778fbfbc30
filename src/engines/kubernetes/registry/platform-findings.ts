import type {Finding} from '../../../findings/finding.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {ImageKeeper} from '../../engine.js'
import type {Cluster} from '../clusters/cluster.js'
import {isAllBuilt} from './registry-findings.js'
import {nodePlatforms, platformFix, platformProblem} from '../images/node-platforms.js'

/** Whether the nodes run what this computer's Docker makes. Reads only; nothing where it cannot be known. */
export async function platformFindings(
  cluster: Pick<Cluster, 'api' | 'builder'>,
  spec: HubSpec,
  images: Pick<ImageKeeper, 'built'>,
): Promise<readonly Finding[]> {
  if (spec.images.size === 0) return []
  const [nodes, ours] = await Promise.all([
    nodePlatforms(cluster, spec),
    cluster.builder.platform().catch(() => undefined),
  ])
  if (ours === undefined || nodes.length === 0) return []
  const check = 'processors'
  const problem = platformProblem(ours, nodes)
  if (problem === undefined) return [{check, state: 'ok', found: `images and nodes are for ${ours}`}]
  const isRunning = nodes.includes(ours) || (await isAllBuilt(spec, images))
  return [
    {
      check,
      state: isRunning ? 'warning' : 'problem',
      found: problem,
      needed: `nodes for ${ours}`,
      fix: platformFix(ours, nodes),
    },
  ]
}
