import {JhubError} from '../../../errors.js'
import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import type {KubeApi, KubeObject} from '../api/kube-api.js'
import {hubLabel, retainedStorageClass} from '../clusters/names.js'
import {findNamespace, lendNamespace, namespaceRef} from '../clusters/namespace.js'
import {requireKube} from '../api/require-kube.js'

/** The hub's own namespace; in a cluster of ours also the storage class whose volumes outlive it. */
export function ensureNamespace(cluster: Cluster, namespace: string, hubName: string): Step {
  let isMade = false
  const wanted = storageClasses(cluster)
  const missingClasses = async (api: KubeApi) => {
    const found = await Promise.all(wanted.map((each) => api.read({...each, name: each.metadata.name})))
    return wanted.filter((_, index) => found[index] === undefined)
  }
  return {
    title: "Make the hub's namespace",
    async check() {
      const api = await cluster.api()
      const found = api === undefined ? 'missing' : await findNamespace(api, namespace, hubName)
      const isThere = found === 'ours' || found === 'lent'
      if (!isThere || api === undefined) return {summary: `make the namespace ${namespace}`, disturbs: 'live'}
      const missing = await missingClasses(api)
      const names = missing.map(({metadata}) => metadata.name).join(', ')
      return missing.length === 0
        ? undefined
        : {summary: `make it again: StorageClass ${names} is missing`, disturbs: 'live'}
    },
    async apply() {
      const api = await requireKube(cluster)
      const found = await findNamespace(api, namespace, hubName)
      if (found === 'foreign' || found === 'going') throw notOurs(namespace, hubName, found)
      for (const each of await missingClasses(api)) await api.apply(each)
      isMade = found === 'missing'
      if (found !== 'lent')
        await api.apply({...namespaceRef(namespace), metadata: {name: namespace, labels: {[hubLabel]: hubName}}})
    },
    async undo() {
      if (!isMade) return
      await (await cluster.api())?.remove(namespaceRef(namespace))
    },
  }
}

function notOurs(namespace: string, hubName: string, found: 'foreign' | 'going'): JhubError {
  return found === 'going'
    ? new JhubError('JHUB-E403', `The namespace ${namespace} is being removed`, {
        fix: `kubectl get namespace ${namespace}   # until it is gone, then run the same command again`,
      })
    : new JhubError('JHUB-E403', `The namespace ${namespace} already exists, and this hub did not make it`, {
        fix: [
          `${lendNamespace(namespace, hubName)}   # when it is meant for this hub`,
          'k8s: {namespace: ANOTHER} in the settings file',
        ],
      })
}

function storageClasses({own}: Cluster): readonly KubeObject[] {
  if (own === undefined) return []
  const kept = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {name: retainedStorageClass},
    provisioner: 'rancher.io/local-path',
    // The same directory for the same claim, in every cluster that this hub will ever have.
    parameters: {pathPattern: '{{ .PVC.Namespace }}/{{ .PVC.Name }}'},
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
  }
  return [kept]
}
