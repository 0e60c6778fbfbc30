import {JhubError} from '../../../../errors.js'
import type {Step} from '../../../../steps/step.js'
import type {Cluster, OwnCluster} from '../../clusters/cluster.js'

/** Removes the cluster that jhub made, with everything in it but the volumes' directories. Somebody else's is left alone. */
export function removeCluster({title}: Cluster, own: OwnCluster): Step {
  return {
    title: 'Remove the cluster',
    async check() {
      const {state} = await own.inspect()
      return state === 'missing' || state === 'foreign'
        ? undefined
        : {summary: `remove the ${title} and every server in it`, disturbs: 'all servers end (files stay)'}
    },
    async apply({signal}) {
      if ((await own.inspect()).state === 'foreign')
        throw new JhubError('JHUB-E403', `The ${title} was not made by this hub, and stays`)
      await own.remove(signal)
    },
  }
}
