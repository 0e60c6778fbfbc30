import type {Manifest} from '../../../bundle/manifest.js'
import type {Finding} from '../../../findings/finding.js'
import {architectureName} from '../../../bundle/architecture-name.js'

export interface BundleUse {
  readonly platform: 'linux' | 'darwin'
  readonly architecture: string
  /** Major and minor version of the machine's Python; absent while there is no machine, or no Python. */
  readonly python?: string
  /** What `up` will install: the hash of each lock file, by name. */
  readonly locks: ReadonlyMap<string, string>
  /** The image that the machine is made from; absent where it is made from none, or the image is there. */
  readonly image?: string
  /** The address of the repository of the course. */
  readonly content?: string
}

const again = 'jhub bundle create   # on a computer with internet, with this version of jhub and this settings file'

/** Whether a bundle is for this machine and has all that `up` will install. */
export function bundleFindings(manifest: Manifest, use: BundleUse): readonly Finding[] {
  if (manifest.mode !== 'vm')
    return [{check: 'bundle', state: 'problem', found: 'it is for mode: k8s', needed: 'one for mode: vm', fix: again}]
  const isFor = `${manifest.platform} ${manifest.architecture}`
  const isHere = `${use.platform} ${architectureName(use.architecture)}`
  const others = [...use.locks].filter(([name, hash]) => manifest.locks[name] !== hash).map(([name]) => name)
  const problem = (found: string, needed: string): Finding => ({
    check: 'bundle',
    state: 'problem',
    found,
    needed,
    fix: again,
  })
  const problems = [
    ...(isFor === isHere ? [] : [problem(`it is for ${isFor}`, isHere)]),
    ...(use.python === undefined || use.python === manifest.python
      ? []
      : [problem(`its packages are for Python ${manifest.python}`, `Python ${use.python}`)]),
    ...(others.length === 0
      ? []
      : [problem(`jhub ${manifest.jhub} made it, without these packages: ${others.join(', ')}`, 'all of them')]),
    ...(use.content === undefined || use.content === manifest.content
      ? []
      : [problem(`it has no copy of ${use.content}`, 'the repository of content.git')]),
    ...(use.image === undefined || use.image === manifest.image
      ? []
      : [
          problem(
            'it has no image of the docker machine, or that of another jhub or of other certificates (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS)',
            use.image,
          ),
        ]),
  ]
  if (problems.length > 0) return problems
  return [{check: 'bundle', state: 'ok', found: `${String(manifest.files.length)} files, made ${manifest.made}`}]
}
