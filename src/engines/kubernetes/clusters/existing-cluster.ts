import path from 'node:path'
import type {Host} from '../../../host/host.js'
import type {HubSpec} from '../../../spec/hub-spec.js'
import type {Finding} from '../../engine.js'
import type {KubeApi, KubeObject} from '../kube-api.js'
import {kubernetesLayout} from '../layout.js'
import type {LocalProgram} from '../local-program.js'
import {appliedConfigMap, hubLabel} from '../names.js'
import {findNamespace, namespaceOf} from '../namespace.js'
import {reachApi} from '../reach-api.js'
import {realHelm} from '../real-helm.js'
import type {Cluster} from './cluster.js'

export interface ExistingOptions {
  readonly title: string
  /** Of the person's own kubeconfig, which is read and never written. */
  readonly context: string
  readonly state: string
  readonly data: string
  readonly helm: LocalProgram
}

/** The chart asks for 1.28. */
const oldestMinor = 28

/** A cluster that somebody else made: jhub puts a hub into it and takes only that out again. */
export function existingCluster(host: Host, {title, context, state, data, helm}: ExistingOptions): Cluster {
  const layout = kubernetesLayout(state, data)
  const api = reachApi(host.files, host.tunnels, {context})
  return {
    title,
    layout,
    files: host.files,
    checksums: host.checksums,
    programs: [helm],
    helm: realHelm(host.commands, () => helm.require(), {context}, path.join(layout.logs, 'helm.log')),
    api,
    async hubNames() {
      const kept = await (await api())?.list<KubeObject>({apiVersion: 'v1', kind: 'ConfigMap', labels: hubLabel})
      const applied = (kept ?? []).filter(({metadata}) => metadata.name === appliedConfigMap)
      return applied.flatMap(({metadata}) => metadata.labels?.[hubLabel] ?? [])
    },
    async findings(spec) {
      const [program, reached] = await Promise.all([helm.finding(), api()])
      return [program, ...(reached === undefined ? [unreachable(title, context)] : await inspect(reached, title, spec))]
    },
  }
}

function unreachable(title: string, context: string): Finding {
  return {
    check: title,
    state: 'problem',
    found: 'it does not answer, or the kubeconfig has no such context',
    needed: 'a cluster that answers',
    fix: `kubectl --context ${context} get nodes   # and: kubectl config get-contexts`,
  }
}

async function inspect(api: KubeApi, title: string, spec: HubSpec): Promise<readonly Finding[]> {
  const version = await api.version()
  const minor = Number(/^v1\.(\d+)/.exec(version)?.[1])
  const namespace = namespaceOf(spec)
  const whose = await findNamespace(api, namespace, spec.name)
  return [
    minor >= oldestMinor
      ? {check: title, state: 'ok', found: version}
      : {
          check: title,
          state: 'problem',
          found: version,
          needed: `v1.${String(oldestMinor)} or newer`,
          fix: 'Use a newer cluster',
        },
    ...(await checkStorage(api, spec)),
    whose === 'foreign'
      ? {
          check: `namespace ${namespace}`,
          state: 'problem',
          found: 'it is there, and this hub did not make it',
          needed: 'a free name',
          fix: 'k8s: {namespace: ANOTHER} in the spec',
        }
      : {check: `namespace ${namespace}`, state: 'ok', found: whose === 'ours' ? "this hub's own" : 'free'},
  ]
}

async function checkStorage(api: KubeApi, {k8s}: HubSpec): Promise<readonly Finding[]> {
  const classes = await api.list<KubeObject>({apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass'})
  const names = classes.map(({metadata}) => metadata.name)
  const wanted = k8s.storage.class
  const isThere =
    wanted === undefined
      ? classes.some(({metadata}) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true')
      : names.includes(wanted)
  const check = 'storage class'
  if (isThere) return [{check, state: 'ok', found: wanted ?? 'the default one'}]
  return [
    {
      check,
      state: 'problem',
      found: names.length === 0 ? 'none' : `only ${names.join(', ')}`,
      needed: wanted ?? 'a default one, or one that the spec names',
      fix: 'k8s: {storage: {class: NAME}} in the spec',
    },
  ]
}
