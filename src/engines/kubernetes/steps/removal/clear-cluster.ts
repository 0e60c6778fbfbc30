import type {Step} from '../../../../steps/step.js'
import type {Cluster, ClusterSettings, OwnCluster} from '../../clusters/cluster.js'
import {describeSettingsChange} from '../../clusters/kind/kind-config.js'

/**
 * Removes a cluster of ours that has to be made anew: half-made, or with an endpoint or nodes that kind cannot change. It is gone
 * before the new one is made, so that what goes on beside its making never takes an old node for a new one.
 */
export function clearCluster({title}: Cluster, own: OwnCluster, settings: ClusterSettings): Step {
  return {
    title: 'Remove a cluster that must be made again',
    async check() {
      const found = await own.inspect()
      if (found.state === 'half-made')
        return {summary: `remove what is left of the ${title}, which was not finished`, disturbs: 'live'}
      const changed = 'settings' in found ? describeSettingsChange(found.settings, settings) : []
      return changed.length === 0
        ? undefined
        : {
            summary: `remove the ${title}, to make it again: ${changed.join(', ')} (files stay)`,
            disturbs: 'machine or cluster is recreated',
          }
    },
    apply: ({signal}) => own.remove(signal),
  }
}
