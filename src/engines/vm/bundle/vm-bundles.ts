import path from 'node:path'
import {contentName} from '../../../bundle/part-names.js'
import type {UnpackedBundle} from '../../../bundle/read-bundle.js'
import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step, StepList} from '../../../steps/step.js'
import type {BundleKeeper} from '../../bundle-keeper.js'
import type {Finding} from '../../../findings/finding.js'
import type {Machine} from '../machines/machine.js'
import {checkBundle} from './check-bundle.js'
import {afterBundle, fromBundle} from './from-bundle.js'
import {gatherBundle} from './gather-bundle.js'
import {locksToBundle, type LocksOptions} from './locks-to-bundle.js'

export interface VmBundlesOptions extends Omit<LocksOptions, 'machine' | 'imageLocks'> {
  readonly machine: Machine
  /** The files of the machine that runs jhub. */
  readonly local: Files
  readonly images: {
    lockFiles(spec: HubSpec): ReturnType<LocksOptions['imageLocks']>
    undecided(spec: HubSpec): Promise<readonly string[]>
  }
  /** Where packages come from in place of the internet. */
  readonly bundle: UnpackedBundle | undefined
}

export interface VmBundles extends BundleKeeper {
  preflight(spec: HubSpec): Promise<readonly Finding[]>
  /** What comes before and after the steps that install packages; nothing without a bundle. */
  around(installs: StepList): {readonly before: readonly Step[]; readonly after: readonly Step[]}
  /** The repository of the course; absent where it comes from its own address. */
  readonly content?: {readonly local: Files; readonly file: string}
}

/** How a hub on one machine is brought up without internet. */
export function vmBundles({machine, local, lock, images, bundle}: VmBundlesOptions): VmBundles {
  const locks = (spec: HubSpec) => locksToBundle({machine, lock, imageLocks: () => images.lockFiles(spec)}, spec)
  return {
    async gather(spec, directory, options) {
      requireOnePython(spec)
      requirePythonPackages(spec)
      return gatherBundle({machine, local, directory, content: spec.content, locks: await locks(spec)}, options)
    },
    preflight: async (spec) =>
      bundle === undefined
        ? []
        : checkBundle(bundle.manifest, machine, {
            locks: await locks(spec),
            undecided: await images.undecided(spec),
            content: spec.content,
          }),
    around: (installs) => ({
      before: fromBundle({machine, local, bundle}, installs),
      after: afterBundle({machine, bundle}),
    }),
    ...(bundle?.manifest.content === undefined
      ? {}
      : {content: {local, file: path.join(bundle.directory, contentName)}}),
  }
}

/** Throws `JHUB-E100` for an image with packages of Debian or conda, which no package index has. */
function requirePythonPackages({images}: HubSpec): void {
  const [name, image] = [...images].find(([, {apt, recipe}]) => apt !== undefined || recipe.by === 'environment') ?? []
  if (name === undefined) return
  const [whose, key] = image?.apt === undefined ? ['conda', 'environment'] : ['Debian', 'apt']
  throw new JhubError('JHUB-E100', `The image ${name} has ${whose} packages, and a bundle holds only Python packages`, {
    fix: `jhub config edit   # take ${key} out of the image ${name}`,
  })
}

/** Throws `JHUB-E100` for an image with a Python of its own, which is no package of the index. */
function requireOnePython({images}: HubSpec): void {
  const [own] = [...images].flatMap(([name, {python}]) => (python === undefined ? [] : [{name, python}]))
  if (own === undefined) return
  throw new JhubError('JHUB-E100', `The image ${own.name} has Python ${own.python}, and a bundle holds only packages`, {
    fix: `jhub config edit   # take python out of the image ${own.name}`,
  })
}
