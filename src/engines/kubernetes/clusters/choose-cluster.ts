import type {Host} from '../../../host/host.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Cluster} from './cluster.js'
import {existingCluster} from './existing-cluster.js'
import {kindCluster} from './kind/kind-cluster.js'
import {kubernetesLayout} from './layout.js'
import {localProgram} from '../tools/local-program.js'
import {helmWanted} from '../tools/helm-program.js'
import {kindWanted} from './kind/kind-program.js'

/** The one switch from what the spec says to a cluster. */
export function chooseCluster(
  {k8s: {cluster}, name}: HubSpec,
  host: Host,
  places: {readonly state: string; readonly data: string; readonly assets: string},
): Cluster {
  const {tools} = kubernetesLayout(places.state, places.data)
  const of = {hubName: name, ...places}
  const helm = localProgram(host, helmWanted, tools)
  switch (cluster.kind) {
    case 'kind':
      return kindCluster(host, {...of, kind: localProgram(host, kindWanted, tools), helm})
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
