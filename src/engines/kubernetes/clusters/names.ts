/** How jhub's own objects in a cluster are known. */
export const hubLabel = 'jhub.jupyter.org/hub'
/** On a release: what it was made from, so that a second `up` finds nothing to do. */
export const fingerprintLabel = 'jhub.jupyter.org/fingerprint'
/** On the record of a release: where its chart came from, and its digest. */
export const chartAnnotation = 'jhub.jupyter.org/chart'
export const chartDigestAnnotation = 'jhub.jupyter.org/chart-digest'
/** On the record of a release: the digest of the files of jhub's own that the hub was given. */
export const ownFilesAnnotation = 'jhub.jupyter.org/own-files'
export const fieldManager = 'jhub'

/** The port inside a kind node at which the hub's endpoint listens. */
export const publicPort = 30_080
/** The storage class of a kind cluster whose volumes are plain directories that outlive it. */
export const retainedStorageClass = 'jhub'
/** Where a kind node sees `layout.volumes`. */
export const volumesInNode = '/var/local-path-provisioner'

/** Secrets of jhub's own; ConfigMaps in older hubs. */
export const appliedSpecName = 'jhub-applied'
/** Keys of it: the applied spec, and whose hub it is. */
export const appliedKey = 'jhub.yaml'
export const ownerKey = 'owner.json'
export const releaseRecordName = 'jhub-release'
/** The Secret with accounts of registries, which servers' pods name. */
export const pullSecretName = 'jhub-registry'
/** The Secret that says under which digests the registry has what was built. */
export const pushedImagesName = 'jhub-pushed'
export const quotaName = 'jhub-total'
/** The pod that loads a new configuration before the hub does, and what it reads. */
export const trialName = 'jhub-trial'
/** The claim of the hub's database, as the chart names it, beside everybody's own. */
export const databaseClaim = 'hub-db-dir'
/** The container of a server, as KubeSpawner names it. */
export const serverContainer = 'notebook'
/** The claim of the volume that all servers have, with what everybody sees. `assets/k8s/jhub_common.py` says the same. */
export const commonClaim = 'jhub-common'
/** On that claim: names of directories that servers show, with a blank between them. */
export const shownAnnotation = 'jhub.jupyter.org/shown'
/** On that claim: the digest of the materials that are shown. */
export const materialsAnnotation = 'jhub.jupyter.org/materials'
/** On that claim: of which repository of a course it has a copy. */
export const contentAnnotation = 'jhub.jupyter.org/content'
/** The component of pods in which jhub works in people's homes. */
export const homePodComponent = 'jhub-home'
