import type {Manifest} from '../../../bundle/manifest.js'
import type {Finding} from '../../../findings/finding.js'
import {bundleFindingsOf, placeProblems, type BundlePlace} from '../../bundle-problems.js'

export interface BundleUse extends BundlePlace {
  /** Major and minor version of the machine's Python; absent while there is no machine, or no Python. */
  readonly python?: string
  /** What `up` will install: the hash of each lock file, by name. */
  readonly locks: ReadonlyMap<string, string>
  /** Images whose packages are still to be chosen, which takes all that the index has. */
  readonly undecided: readonly string[]
  /** The image that the machine is made from; absent where it is made from none, or the image is there. */
  readonly image?: string
}

/** Whether a bundle is for this machine and has all that `up` will install. */
export function bundleFindings(manifest: Manifest, use: BundleUse): readonly Finding[] {
  if (manifest.mode !== 'vm') return bundleFindingsOf(manifest, '', [['it is for mode: k8s', 'one for mode: vm']])
  const {jhub, locks, python, image, files} = manifest
  const others = [...use.locks].filter(([name, hash]) => locks[name] !== hash).map(([name]) => name)
  return bundleFindingsOf(manifest, `${String(files.length)} files`, [
    ...placeProblems(manifest, use),
    ...(use.python === undefined || use.python === python
      ? []
      : [[`its packages are for Python ${python}`, `Python ${use.python}`] as const]),
    ...(others.length === 0
      ? []
      : [[`jhub ${jhub} made it, without these packages: ${others.join(', ')}`, 'all of them'] as const]),
    ...use.undecided.map((name) => [`the lock file of the image ${name} is missing here`, fromThere] as const),
    ...(use.image === undefined || use.image === image ? [] : [[otherImage, use.image] as const]),
  ])
}

const fromThere = 'the directory images/ beside the settings file, from the computer that made the bundle'

const otherImage =
  'its image of the docker machine is missing, or was made by another jhub or with other certificates (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS)'
