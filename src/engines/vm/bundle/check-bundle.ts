import {definedOnly, ifDefined} from '../../../defined-only.js'
import type {Manifest} from '../../../bundle/manifest.js'
import {contentAddress, type ContentSpec} from '../../../hub-spec/content-spec.js'
import type {Finding} from '../../../findings/finding.js'
import type {Machine} from '../machines/machine.js'
import {findPython, minorOf} from '../packages/find-python.js'
import type {LockFile} from '../packages/locks/lock-files.js'
import {bundleFindings} from './bundle-findings.js'

interface BundleWanted {
  readonly locks: ReadonlyMap<string, LockFile>
  readonly undecided: readonly string[]
  readonly content: ContentSpec | undefined
}

/** Whether a bundle is for a machine, as far as the machine is there to be asked. Reads only. */
export async function checkBundle(
  manifest: Manifest,
  machine: Machine,
  {locks, undecided, content}: BundleWanted,
): Promise<readonly Finding[]> {
  const {base, facts} = machine
  const isThere = (await base?.isThere()) ?? true
  const {python} = isThere ? await findPython(machine) : {}
  const image = base?.image
  const isImageNeeded = image !== undefined && !isThere && !(await image.isThere())
  return bundleFindings(manifest, {
    platform: facts.platform,
    architecture: facts.architecture,
    undecided,
    locks: new Map([...locks].map(([name, {hash}]) => [name, hash])),
    ...definedOnly({
      python: ifDefined(python?.version, minorOf),
      content: ifDefined(content, contentAddress),
      image: isImageNeeded ? await image.tag() : undefined,
    }),
  })
}
