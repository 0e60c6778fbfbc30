import {JhubError} from '../../errors.js'
import type {Host} from '../../host/host.js'
import type {HubSpec} from '../../spec/hub-spec.js'
import type {Cluster} from './clusters/cluster.js'
import {existingCluster} from './clusters/existing-cluster.js'
import {kindCluster} from './clusters/kind-cluster.js'
import {findProgram, helmWanted, kindWanted, type ProgramWanted} from './find-program.js'

/** The one switch from what the spec says to a cluster. */
export function chooseCluster(
  {k8s: {cluster}, name}: HubSpec,
  host: Host,
  places: {readonly state: string; readonly data: string},
): Cluster {
  const program = (wanted: ProgramWanted) => async () => requireProgram(host, wanted)
  const [kind, helm] = [program(kindWanted), program(helmWanted)]
  switch (cluster.kind) {
    case 'kind':
      return kindCluster(host, {hubName: name, ...places, kind, helm})
    case 'docker-desktop':
      return existingCluster(host, {title: "Docker Desktop's cluster", context: 'docker-desktop', ...places, helm})
    case 'context':
      return existingCluster(host, {
        title: `cluster of context ${cluster.name}`,
        context: cluster.name,
        ...places,
        helm,
      })
  }
}

async function requireProgram(host: Host, wanted: ProgramWanted): Promise<string> {
  const {state} = await findProgram(host.commands, wanted)
  if (state !== 'found')
    throw new JhubError('JHUB-E200', `There is no ${wanted.name} here that can do it`, {fix: wanted.install})
  return wanted.name
}
