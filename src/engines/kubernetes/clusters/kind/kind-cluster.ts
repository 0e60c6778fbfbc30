import path from 'node:path'
import type {Host} from '../../../../host/host.js'
import {kubernetesLayout} from '../layout.js'
import type {LocalProgram} from '../../tools/local-program.js'
import {realHelm} from '../../release/real-helm.js'
import {reachApi} from '../../api/reach-api.js'
import type {Cluster, OwnCluster} from '../cluster.js'
import {imageArchives} from './images/image-archives.js'
import {kindChartPlace} from './kind-chart-place.js'
import {clusterName} from './kind-config.js'
import {kindFindings} from './kind-findings.js'
import {dockerImageBuilder} from '../../images/build/docker/docker-image-builder.js'
import {kindImages} from './images/kind-images.js'
import {kindLifecycle} from './kind-lifecycle.js'
import {hubsInKind, kindNodes} from './kind-nodes.js'
import {kindVolumes} from './kind-volumes.js'
import {repositoryCopies} from './repository-copies.js'
import {parseOomControls, readOomControls} from './oom-controls.js'

export interface KindOptions {
  readonly hubName: string
  readonly state: string
  readonly data: string
  /** The directory of files shipped with jhub. */
  readonly assets: string
  readonly kind: LocalProgram
  readonly helm: LocalProgram
}

/** A cluster in containers of this machine's Docker, by kind: made and removed by jhub. */
export function kindCluster(host: Host, {hubName, state, data, assets, kind, helm}: KindOptions): Cluster {
  const {commands, files} = host
  const layout = kubernetesLayout(state, data)
  const name = clusterName(hubName)
  const nodes = kindNodes(commands, name)
  const reach = reachApi(files, host.tunnels, {kubeconfig: layout.kubeconfig})

  const own: OwnCluster = {
    roomAddresses: () => host.system.roomAddresses,
    archives: imageArchives(host, nodes.docker),
    repositories: () => repositoryCopies(host),
    chartPlace: kindChartPlace,
    ...kindLifecycle({host, name, layout, kind, nodes}),
    ...kindImages(host, nodes.docker, nodes.names),
    ...kindVolumes(commands, nodes),
    async memoryKills() {
      const said = await Promise.all(
        (await nodes.names()).map((node) => nodes.docker(['exec', node, ...readOomControls])),
      )
      return parseOomControls(said.map(({stdout}) => stdout).join('\n'))
    },
  }

  return {
    title: `kind cluster ${name}`,
    layout,
    files,
    checksums: host.checksums,
    programs: [kind, helm],
    helm: realHelm(commands, () => helm.require(), {kubeconfig: layout.kubeconfig}, path.join(layout.logs, 'helm.log')),
    own,
    builder: dockerImageBuilder({host, hubName, assets}),
    registries: host.docker,
    hubNames: () => hubsInKind(nodes),
    async api() {
      try {
        return await reach()
      } catch (error) {
        if ((await own.inspect()).state === 'running') throw error
        return undefined
      }
    },
    findings: (spec) => kindFindings({host, programs: [kind, helm], layout, name, inspect: () => own.inspect()}, spec),
  }
}
