import {JhubError} from '../../errors.js'
import type {Files} from '../../host/files/files.js'
import {parseImageLock, type ImageLock} from '../../hub-spec/images/image-lock.js'
import type {ImageRecords} from '../../hub-spec/images/image-records.js'
import type {ImageSpec} from '../../hub-spec/images/images-spec.js'
import type {PackageChoice} from '../engine.js'

/** An image of the spec, by its name. */
export type NamedImage = readonly [name: string, image: ImageSpec]
type Images = Iterable<NamedImage>

export interface ToResolve {
  /** The lock in force, whose versions are kept where they can be; absent: the newest are taken. */
  readonly there?: ImageLock
  readonly isNewest: boolean
  readonly signal?: AbortSignal | undefined
}

/** What an engine says of its images, so that their locks can be told apart and made. */
export interface ImageLocksOptions {
  /** Where locks stand beside the spec. */
  readonly files: Files
  /** What the hub keeps: of each image the lock in force first, then earlier ones. */
  readonly records: () => Promise<ImageRecords>
  /** Another one whenever the recipe, or what it is chosen for, changes. */
  readonly recipeHash: (named: NamedImage) => Promise<string>
  /** The version of Python for which a lock counts, where the recipe does not say; `undefined` while it is not known. Absent: any does. */
  readonly python?: (named: NamedImage) => Promise<string | undefined>
  readonly resolve: (named: NamedImage, wanted: ToResolve) => Promise<ImageLock>
}

export interface ImageLocks {
  /** Beside the spec; where it is not, as the hub keeps it. */
  readonly current: (...named: NamedImage) => Promise<ImageLock | undefined>
  /** The locks in force, by image. */
  all(images: Images): Promise<ReadonlyMap<string, ImageLock | undefined>>
  /** The lock in force is one for the recipe as it is now. */
  isDecided(...named: NamedImage): Promise<boolean>
  undecided(images: Images): Promise<readonly string[]>
  /** The lock that is wanted, chosen once: the one in force where nothing has to be chosen. Throws `JHUB-E302` when there is none to go back to. */
  chooser(named: NamedImage, choice: PackageChoice | undefined): (signal?: AbortSignal) => Promise<ImageLock>
  /** Earlier builds to which an image can go back. */
  earlier(name: string): Promise<number>
}

/** Which packages images have, in any engine: beside the spec, with the hub, and those that are still to be chosen. */
export function imageLocks({files, records, recipeHash, python, resolve}: ImageLocksOptions): ImageLocks {
  const current: ImageLocks['current'] = async (name, {lockFile}) =>
    parseImageLock(await files.read(lockFile)) ?? (await records()).get(name)?.[0]

  const isDecided: ImageLocks['isDecided'] = async (...named) => {
    const [lock, recipe] = [await current(...named), await recipeHash(named)]
    return lock?.recipe === recipe && (python === undefined || [undefined, lock.python].includes(await python(named)))
  }

  const previous = async (named: NamedImage): Promise<ImageLock> => {
    const [name] = named
    const [inForce, earlier] = (await records()).get(name) ?? []
    if (inForce === undefined || earlier === undefined)
      throw new JhubError('JHUB-E302', `There is no earlier build of the image ${name}`, {
        fix: `jhub image show ${name}`,
      })
    // Kept for the recipe as it is now, so that nothing is chosen anew before the recipe changes.
    return {...earlier, recipe: await recipeHash(named)}
  }

  return {
    current,
    isDecided,
    async all(images) {
      const found = [...images].map(async ([name, image]) => [name, await current(name, image)] as const)
      return new Map(await Promise.all(found))
    },
    async undecided(images) {
      const found = [...images].map(async ([name, image]) => ((await isDecided(name, image)) ? [] : [name]))
      return (await Promise.all(found)).flat()
    },
    chooser(named, choice) {
      const asked = choice?.names.includes(named[0]) === true ? choice.take : undefined
      let chosen: ImageLock | undefined
      return async (signal) => {
        if (chosen !== undefined) return chosen
        const there = await current(...named)
        if (asked === undefined && there !== undefined && (await isDecided(...named))) return there
        const isNewest = asked === 'newest'
        chosen =
          asked === 'previous'
            ? await previous(named)
            : await resolve(named, {isNewest, signal, ...(there === undefined || isNewest ? {} : {there})})
        return chosen
      }
    },
    earlier: async (name) => Math.max(0, ((await records()).get(name) ?? []).length - 1),
  }
}
