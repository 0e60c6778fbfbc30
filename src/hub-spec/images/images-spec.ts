import {definedOnly} from '../../defined-only.js'
import type {ImageDocument} from './images-document.js'

/** What an image is made from. */
export type Recipe =
  | {readonly by: 'packages'; readonly packages: readonly string[]}
  | {readonly by: 'requirements'; readonly file: string}
  | {readonly by: 'project'; readonly directory: string}
  | {readonly by: 'environment'; readonly file: string}
  | {readonly by: 'build'; readonly directory: string}
  | {readonly by: 'oci'; readonly reference: string}

/** The software of a server, under a name. */
export interface ImageSpec {
  readonly recipe: Recipe
  readonly description?: string
  /** The version of Python, as `3.12`; absent: that of the machine, or of the base. */
  readonly python?: string
  /** The container image on which its packages are installed; absent: that of `k8s.image`, else the chart's. */
  readonly base?: string
  /** Debian packages that it needs; not locked. */
  readonly apt?: readonly string[]
  /** Where the packages that were chosen are written, beside the spec. */
  readonly lockFile: string
}

/** The one form that a checked document has. `lockFile` is relative to the spec. */
export function toImageSpec(
  {hubName, mode}: {readonly hubName: string; readonly mode: Mode},
  name: string,
  document: ImageDocument,
): ImageSpec {
  return {
    recipe: toRecipe(document),
    ...definedOnly({
      description: document.description,
      python: document.python,
      base: document.base,
      apt: document.apt,
    }),
    lockFile: `${locksDirectory(hubName)}/${name}${lockEnding(mode)}`,
  }
}

type Mode = 'vm' | 'k8s'

/** Where the lock files of a hub's images stand, relative to its spec. */
export function locksDirectory(hubName: string): string {
  return `images/${hubName}`
}

/** The image whose packages a file of `locksDirectory` locks for an engine; `undefined` for any other file. */
export function imageOfLock(fileName: string, mode: Mode): string | undefined {
  const ending = lockEnding(mode)
  return fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : undefined
}

function lockEnding(mode: Mode): string {
  return `.${mode}.lock`
}

function toRecipe({packages, requirements, project, environment, build, oci}: ImageDocument): Recipe {
  if (packages !== undefined) return {by: 'packages', packages: packages.map((each) => each.trim())}
  if (requirements !== undefined) return {by: 'requirements', file: requirements}
  if (project !== undefined) return {by: 'project', directory: project}
  if (environment !== undefined) return {by: 'environment', file: environment}
  if (build !== undefined) return {by: 'build', directory: build}
  // Debian packages alone are a recipe too.
  return oci === undefined ? {by: 'packages', packages: []} : {by: 'oci', reference: oci}
}

/** The same image, with its files where they are seen from. */
export function imageSeenFrom(image: ImageSpec, seen: (relative: string) => string): ImageSpec {
  const {recipe} = image
  const lockFile = seen(image.lockFile)
  if (recipe.by === 'requirements' || recipe.by === 'environment')
    return {...image, lockFile, recipe: {...recipe, file: seen(recipe.file)}}
  if (recipe.by === 'project' || recipe.by === 'build')
    return {...image, lockFile, recipe: {...recipe, directory: seen(recipe.directory)}}
  return {...image, lockFile}
}
