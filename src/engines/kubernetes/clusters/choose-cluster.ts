import path from 'node:path'
import type {UnpackedBundle} from '../../../bundle/read-bundle.js'
import {definedOnly} from '../../../defined-only.js'
import type {Host} from '../../../host/host.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Cluster} from './cluster.js'
import {existingCluster} from './existing-cluster.js'
import {kindCluster} from './kind/kind-cluster.js'
import {namespaceOf} from './namespace.js'
import {kubernetesLayout} from './layout.js'
import {localProgram, type ProgramOptions} from '../tools/local-program.js'
import {helmWanted} from '../tools/helm-program.js'
import {kindWanted} from './kind/kind-program.js'

export interface ClusterPlaces {
  readonly state: string
  readonly data: string
  readonly assets: string
  /** Where programs come from in place of the internet. */
  readonly bundle?: UnpackedBundle
}

/** Chooses the cluster that the spec names. Nothing else compares names of clusters. */
export function chooseCluster(spec: HubSpec, host: Host, {bundle, ...places}: ClusterPlaces): Cluster {
  const {
    name,
    k8s: {cluster},
  } = spec
  const {tools} = kubernetesLayout(places.state, places.data)
  const of = {hubName: name, namespace: namespaceOf(spec), ...places}
  const program = (wanted: ProgramOptions) => {
    const bundled = bundle === undefined ? undefined : path.join(bundle.directory, 'programs', wanted.name)
    return localProgram(host, wanted, {tools, ...definedOnly({bundled})})
  }
  const helm = program(helmWanted)
  switch (cluster.kind) {
    case 'kind':
      return kindCluster(host, {...of, kind: program(kindWanted), helm})
    case 'docker-desktop':
      return existingCluster(host, {title: "Docker Desktop's cluster", context: 'docker-desktop', ...of, helm})
    case 'context':
      return existingCluster(host, {
        title: `cluster of context ${cluster.name}`,
        context: cluster.name,
        ...of,
        helm,
      })
  }
}
