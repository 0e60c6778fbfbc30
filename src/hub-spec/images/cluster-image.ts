import {clusterFacts, defaultCluster} from '../place/cluster-name.js'
import type {ImageDocument} from './images-document.js'

/** What a document says of images. */
interface Images {
  readonly mode: 'vm' | 'k8s'
  readonly k8s?: {readonly cluster?: string | undefined; readonly image?: string | undefined} | undefined
  readonly image?: string | undefined
  readonly images?: Readonly<Record<string, ImageDocument>> | null | undefined
}

/** What the image that `k8s.image` names is called among the images. */
export const clusterImageName = 'k8s-image'

/**
 * The document in which `k8s.image` is an image of everybody, as `images` and `image` would have it. Where everybody has another,
 * `k8s.image` is no more than what packages are installed on.
 */
export function withClusterImage<Document extends Images>(document: Document): Document {
  if (!hasClusterImage(document)) return document
  const oci = document.k8s?.image
  return {...document, image: clusterImageName, images: {...document.images, [clusterImageName]: {oci}}}
}

/**
 * `k8s.image` is what everybody has. In a cluster that jhub did not make it stays a value of the chart: nodes download it by
 * themselves, with accounts of the cluster's own, and this computer needs no Docker for it.
 */
export function hasClusterImage({mode, k8s, image}: Images): boolean {
  if (mode !== 'k8s' || k8s?.image === undefined || image !== undefined) return false
  return clusterFacts(k8s.cluster ?? defaultCluster).isMadeByJhub
}

/** What a person should know of a spec with `k8s.image`; `undefined` without. */
export function clusterImageNote({
  mode,
  k8s: {image},
  image: usual,
}: Pick<Images, 'mode' | 'image'> & {readonly k8s: {readonly image?: string}}): string | undefined {
  if (mode !== 'k8s' || image === undefined || usual === undefined) return undefined
  return usual === clusterImageName
    ? `k8s.image is read as image: ${clusterImageName} and images: {${clusterImageName}: {oci: "${image}"}}. Write that in its place, with a name of your own.`
    : `k8s.image is only the base of other images, because everybody has the image ${usual}. Write base: "${image}" into the images that need it.`
}
