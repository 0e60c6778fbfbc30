import type {HubDocument, HubSpec} from '../hub-spec.js'

/** What the image that `k8s.image` names is called among the images. */
export const clusterImageName = 'k8s-image'

/**
 * The document in which `k8s.image` is an image of everybody, as `images` and `image` would have it. Where everybody has another,
 * `k8s.image` is no more than what packages are installed on.
 */
export function withClusterImage(document: HubDocument): HubDocument {
  if (!hasClusterImage(document)) return document
  const oci = document.k8s?.image
  return {...document, image: clusterImageName, images: {...document.images, [clusterImageName]: {oci}}}
}

/** `k8s.image` is what everybody has. */
export function hasClusterImage({mode, k8s, image}: HubDocument): boolean {
  return mode === 'k8s' && k8s?.image !== undefined && image === undefined
}

/** What a person should know of a spec with `k8s.image`; `undefined` without. */
export function clusterImageNote({mode, k8s: {image}, image: usual}: HubSpec): string | undefined {
  if (mode !== 'k8s' || image === undefined) return undefined
  return usual === clusterImageName
    ? `k8s.image is read as image: ${clusterImageName} and images: {${clusterImageName}: {oci: "${image}"}}. Write that in its place, with a name of your own.`
    : `k8s.image is only what packages are installed on, since everybody has the image ${usual ?? ''}. Write base: "${image}" into the images that need it.`
}
