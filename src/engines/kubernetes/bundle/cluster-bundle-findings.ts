import type {ClusterManifest, Manifest} from '../../../bundle/manifest.js'
import type {Finding} from '../../../findings/finding.js'
import {bundleFindingsOf, placeProblems, type BundleProblem} from '../../bundle-problems.js'

export interface ClusterBundleUse {
  readonly platform: string
  /** For which Docker has images; absent where it does not answer. */
  readonly architecture?: string
  /** The chart that `up` installs, in words; absent where it is a file of the person's own. */
  readonly chart?: string
  /** The digest that the chart must have, where there is one. */
  readonly digest?: string
  /** The image that the spec names for nodes. */
  readonly nodeImage?: string
  /** The address of the repository of the course. */
  readonly content?: string
  /** Every image that nodes run, as far as it is known. */
  readonly images: readonly string[]
}

/** Whether a bundle is for this computer's clusters and has all that `up` will install. */
export function clusterBundleFindings(manifest: Manifest, use: ClusterBundleUse): readonly Finding[] {
  if (manifest.mode !== 'k8s')
    return bundleFindingsOf(manifest, '', [['it is for a hub on one machine (mode: vm)', 'one for mode: k8s']])
  const {architecture = manifest.architecture} = use
  return bundleFindingsOf(manifest, `${String(Object.keys(manifest.images).length)} images`, [
    ...placeProblems(manifest, {...use, architecture}),
    ...chartProblems(manifest, use),
    ...imageProblems(manifest, use),
  ])
}

function chartProblems(
  {jhub, chart}: ClusterManifest,
  {chart: source, digest}: ClusterBundleUse,
): readonly BundleProblem[] {
  if (source === undefined) return []
  if (chart?.source !== source) return [[`jhub ${jhub} made it, with ${chart?.source ?? 'no chart'}`, source]]
  return digest === undefined || digest === chart.digest ? [] : [[`the digest of its chart is ${chart.digest}`, digest]]
}

function imageProblems({jhub, images, nodeImage}: ClusterManifest, use: ClusterBundleUse): readonly BundleProblem[] {
  const absent = use.images.filter((name) => images[name] === undefined)
  return [
    ...(absent.length === 0 ? [] : [[`jhub ${jhub} made it, without ${absent.join(', ')}`, 'all images'] as const]),
    ...(use.nodeImage === undefined || use.nodeImage === nodeImage
      ? []
      : [[`its nodes are made from ${nodeImage}`, use.nodeImage] as const]),
  ]
}
