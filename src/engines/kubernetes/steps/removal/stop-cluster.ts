import type {Step} from '../../../../steps/step.js'
import type {Cluster, OwnCluster} from '../../clusters/cluster.js'

/** Stops the nodes; everything in them is as it was when they start again. */
export function stopCluster({title}: Cluster, own: OwnCluster): Step {
  return {
    title: 'Stop the cluster',
    async check() {
      return (await own.inspect()).state === 'running'
        ? {summary: `stop the ${title}`, disturbs: 'all servers end (files stay)'}
        : undefined
    },
    apply: ({signal}) => own.stop(signal),
  }
}
