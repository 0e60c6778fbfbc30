import type {Step} from '../../../../steps/step.js'
import type {Cluster, OwnCluster} from '../../clusters/cluster.js'

/**
 * Deletes every volume's directory, from inside the node: their files belong to the accounts of servers. What this account
 * may delete by itself, it does later.
 */
export function deleteVolumes({files, layout}: Cluster, own: OwnCluster): Step {
  const namespaces = async () => (await files.list(layout.volumes)) ?? []
  const isNodeThere = async () => (await own.inspect()).state === 'running'
  return {
    title: "Delete everybody's volumes",
    async check() {
      const found = await namespaces()
      return found.length === 0 || !(await isNodeThere())
        ? undefined
        : {summary: `delete the files in ${layout.volumes}`, disturbs: "people's files are deleted"}
    },
    async apply() {
      await own.deleteVolumes(await namespaces())
    },
  }
}
