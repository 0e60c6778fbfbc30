import {JhubError} from '../../../../errors.js'
import {parseDirectoryBase} from '../../../../hub-spec/images/recipes/directory-base.js'
import {lockedPackages, type ImageLock} from '../../../../hub-spec/images/image-lock.js'
import type {Step, StepContext} from '../../../../steps/step.js'
import type {Build} from '../../images/image-delivery.js'
import type {LockedBuild} from '../../images/build/build-locked.js'

export interface BuildImage {
  readonly name: string
  /** `undefined` while its packages are not chosen yet. */
  readonly lock: () => Promise<ImageLock | undefined>
  /** What it is made as, by its base and its packages. */
  readonly buildOf: (lock: ImageLock) => Build
  /** It is on this computer, or where servers are started. */
  readonly isHere: (build: Build) => Promise<boolean>
  readonly make: (wanted: LockedBuild, context: StepContext) => Promise<void>
  readonly remove: (reference: string) => Promise<void>
}

/** The container image of a recipe, beside those that are there: it is named after what is in it. */
export function buildImage({name, lock, buildOf, isHere, make, remove}: BuildImage): Step {
  let made: string | undefined
  return {
    title: `Build the image ${name}`,
    async check() {
      const chosen = await lock()
      if (chosen === undefined) return {summary: `build the image ${name}`, disturbs: 'live'}
      return (await isHere(buildOf(chosen))) ? undefined : {summary: describe(name, chosen), disturbs: 'live'}
    },
    async apply(context) {
      const chosen = await lock()
      if (chosen === undefined)
        throw new JhubError('JHUB-E001', `The image ${name} was to be built before its packages were chosen`)
      made = buildOf(chosen).reference
      await make({lock: chosen, reference: made}, context)
    },
    async undo() {
      if (made !== undefined) await remove(made)
    },
  }
}

function describe(name: string, {base, apt = [], packages, conda}: ImageLock): string {
  if (parseDirectoryBase(base) !== undefined) return `build the image ${name} from its Dockerfile`
  const count = lockedPackages(packages).size
  const parts = [
    ...(count === 0 ? [] : [counted(count, '')]),
    ...(apt.length === 0 ? [] : [counted(apt.length, 'Debian ')]),
    ...(conda === undefined ? [] : [counted(conda.packages.length, 'conda ')]),
  ]
  return parts.length === 0
    ? `make the image ${name} of ${base ?? ''}`
    : `build the image ${name} with ${parts.join(' and ')}`
}

function counted(count: number, kind: 'Debian ' | 'conda ' | ''): string {
  return `${String(count)} ${kind}${count === 1 ? 'package' : 'packages'}`
}
