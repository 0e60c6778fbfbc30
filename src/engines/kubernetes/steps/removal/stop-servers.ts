import type {Step} from '../../../../steps/step.js'
import type {Cluster, OwnCluster} from '../../clusters/cluster.js'
import type {KubeApi} from '../../api/kube-api.js'
import type {Pod} from '../../pods/pod-trouble.js'

/** Ends everybody's server first: one that wakes up in a node that was stopped has another address than the hub remembers. */
export function stopServers(cluster: Cluster, own: OwnCluster, namespace: string): Step {
  const running = async (api: KubeApi | undefined) =>
    (await api?.list<Pod>({apiVersion: 'v1', kind: 'Pod', namespace, labels: 'component=singleuser-server'})) ?? []
  const isThere = async () => (await own.inspect()).state === 'running'
  return {
    title: "End everybody's server",
    async check() {
      if (!(await isThere())) return undefined
      const {length} = (await running(await cluster.api())).filter(
        ({metadata}) => metadata.deletionTimestamp === undefined,
      )
      return length === 0
        ? undefined
        : {summary: `end ${String(length)} servers (files stay)`, disturbs: 'all servers end (files stay)'}
    },
    async apply() {
      const api = await cluster.api()
      for (const {metadata} of await running(api))
        await api?.remove({apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name})
    },
  }
}
