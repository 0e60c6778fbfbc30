import type {ClusterManifest} from '../../../bundle/manifest.js'
import type {UnpackedBundle} from '../../../bundle/read-bundle.js'
import {definedOnly} from '../../../defined-only.js'
import type {Finding} from '../../../findings/finding.js'
import {contentAddress} from '../../../hub-spec/content-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import type {BundleKeeper} from '../../bundle-keeper.js'
import {expectedDigest} from '../chart/chart-digests.js'
import {chartSource, describeChart} from '../chart/chart.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {clusterBundleFindings} from './cluster-bundle-findings.js'
import {loadImages, takeChart} from './from-cluster-bundle.js'
import {gatherClusterBundle} from './gather-cluster-bundle.js'

export interface KubernetesBundlesOptions {
  readonly cluster: Cluster
  /** Only a cluster that jhub makes needs nothing of others. */
  readonly own: OwnCluster
  /** Every image that nodes run; `undefined` while that cannot be known. */
  readonly images: (spec: HubSpec) => Promise<readonly string[] | undefined>
  /** Where everything comes from in place of the internet. */
  readonly bundle: UnpackedBundle | undefined
}

export interface KubernetesBundles extends BundleKeeper {
  preflight(spec: HubSpec): Promise<readonly Finding[]>
  /** What comes before the chart is fetched. */
  chartSteps(spec: HubSpec): readonly Step[]
  /** What comes before the cluster is made. */
  imageSteps(spec: HubSpec): readonly Step[]
  /** From which nodes of a new cluster are made where the spec names no image. */
  readonly nodeImage: string | undefined
}

/** How a hub in a cluster that jhub makes is brought up without internet. */
export function kubernetesBundles({cluster, own, images, bundle}: KubernetesBundlesOptions): KubernetesBundles {
  const ours = bundle !== undefined && isForClusters(bundle) ? bundle : undefined
  return {
    gather: (spec, directory, options) =>
      gatherClusterBundle({cluster, own, directory, images: () => images(spec)}, spec, options),

    async preflight(spec) {
      if (bundle === undefined) return []
      const source = chartSource(spec)
      const architecture = await cluster.builder.platform().then(
        (platform) => platform.split('/').at(1),
        () => undefined,
      )
      return clusterBundleFindings(bundle.manifest, {
        platform: own.archives.platform,
        images: (await images(spec)) ?? [],
        ...definedOnly({
          architecture,
          chart: source.kind === 'local' ? undefined : describeChart(source),
          digest: (await expectedDigest(cluster, spec))?.digest,
          nodeImage: spec.k8s.nodeImage,
          content: spec.content === undefined ? undefined : contentAddress(spec.content),
        }),
      })
    },

    chartSteps: (spec) => (ours === undefined ? [] : [takeChart(cluster, ours, spec)]),
    imageSteps: (spec) => (ours === undefined ? [] : [loadImages(own, ours, () => images(spec))]),
    nodeImage: ours?.manifest.nodeImage,
  }
}

function isForClusters(bundle: UnpackedBundle): bundle is UnpackedBundle<ClusterManifest> {
  return bundle.manifest.mode === 'k8s'
}
