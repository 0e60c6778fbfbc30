import {JhubError} from '../../../errors.js'
import {lockedPackages, type ImageLock} from '../../../hub-spec/image-lock.js'
import type {Step} from '../../../steps/step.js'
import type {ImageBuilder} from '../images/image-builder.js'

export interface BuildImage {
  readonly builder: ImageBuilder
  readonly name: string
  /** `undefined` while its packages are not chosen yet. */
  readonly lock: () => Promise<ImageLock | undefined>
  /** What it is called, by its base and its packages. */
  readonly referenceOf: (lock: ImageLock) => string
  /** An image of that name is here, or where servers are started. */
  readonly isHere: (reference: string) => Promise<boolean>
}

/** The container image of a recipe, beside those that are there: it is named after what is in it. */
export function buildImage({builder, name, lock, referenceOf, isHere}: BuildImage): Step {
  let made: string | undefined
  return {
    title: `Build the image ${name}`,
    async check() {
      const chosen = await lock()
      if (chosen === undefined) return {summary: `build the image ${name}`, disturbs: 'live'}
      if (await isHere(referenceOf(chosen))) return undefined
      const count = lockedPackages(chosen.packages).size
      if (count === 0) return {summary: `make the image ${name} of ${chosen.base ?? ''}`, disturbs: 'live'}
      return {
        summary: `build the image ${name} with ${String(count)} ${count === 1 ? 'package' : 'packages'}`,
        disturbs: 'live',
      }
    },
    async apply(context) {
      const chosen = await lock()
      if (chosen?.base === undefined)
        throw new JhubError('JHUB-E001', `The image ${name} was to be built before its packages were chosen`)
      made = referenceOf(chosen)
      await builder.build({image: name, base: chosen.base, reference: made, packages: chosen.packages}, context)
    },
    async undo() {
      if (made !== undefined) await builder.remove([made])
    },
  }
}
