import {architectureName} from '../../../bundle/architecture-name.js'
import type {ClusterManifest, Manifest} from '../../../bundle/manifest.js'
import type {Finding} from '../../../findings/finding.js'

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

const fix = 'jhub bundle create   # on a computer with internet, with this version of jhub and this settings file'

/** Whether a bundle is for this computer's clusters and has all that `up` will install. */
export function clusterBundleFindings(manifest: Manifest, use: ClusterBundleUse): readonly Finding[] {
  const check = 'bundle'
  const problem = (found: string, needed: string): Finding => ({check, state: 'problem', found, needed, fix})
  if (manifest.mode !== 'k8s') return [problem('it is for a hub on one machine (mode: vm)', 'one for mode: k8s')]
  const {platform, architecture = manifest.architecture} = use
  const [isFor, isHere] = [
    `${manifest.platform} ${manifest.architecture}`,
    `${platform} ${architectureName(architecture)}`,
  ]
  const problems = [
    ...(isFor === isHere ? [] : [problem(`it is for ${isFor}`, isHere)]),
    ...chartProblems(manifest, use).map(([found, needed]) => problem(found, needed)),
    ...(use.content === undefined || use.content === manifest.content
      ? []
      : [problem(`it has no copy of ${use.content}`, 'the repository of content.git')]),
    ...imageProblems(manifest, use).map(([found, needed]) => problem(found, needed)),
  ]
  if (problems.length > 0) return problems
  const count = String(Object.keys(manifest.images).length)
  return [{check, state: 'ok', found: `${count} images, made ${manifest.made}`}]
}

type Problem = readonly [found: string, needed: string]

function chartProblems({jhub, chart}: ClusterManifest, {chart: source, digest}: ClusterBundleUse): readonly Problem[] {
  if (source === undefined) return []
  if (chart?.source !== source) return [[`jhub ${jhub} made it, with ${chart?.source ?? 'no chart'}`, source]]
  return digest === undefined || digest === chart.digest ? [] : [[`the digest of its chart is ${chart.digest}`, digest]]
}

function imageProblems({jhub, images, nodeImage}: ClusterManifest, use: ClusterBundleUse): readonly Problem[] {
  const absent = use.images.filter((name) => images[name] === undefined)
  return [
    ...(absent.length === 0 ? [] : [[`jhub ${jhub} made it, without ${absent.join(', ')}`, 'all images'] as const]),
    ...(use.nodeImage === undefined || use.nodeImage === nodeImage
      ? []
      : [[`its nodes are made from ${nodeImage}`, use.nodeImage] as const]),
  ]
}
