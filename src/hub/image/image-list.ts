import type {ImageSpec} from '../../hub-spec/images/images-spec.js'
import {imageUse, type ImageUses} from '../../hub-spec/images/resolve-image.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {runningImages} from './running-images.js'

export interface ListedImage {
  readonly name: string
  /** What it is made from: packages, or the name of a file. */
  readonly recipe: string
  readonly description: string | null
  readonly isBuilt: boolean
  readonly use: ImageUses
  /** People whose server runs from it. */
  readonly running: readonly string[]
}

export interface ImageListResult {
  readonly images: readonly ListedImage[]
  /** People whose running server was started from something else than their next one will be. */
  readonly outdated: readonly string[]
}

/** The images of the spec, who has them, and who runs them. */
export async function imageList(context: HubContext): Promise<ImageListResult> {
  const hub = await openHub(context)
  const {spec, engine} = hub
  const [built, running] = await Promise.all([
    engine.images?.built(spec) ?? new Map<string, string>(),
    runningImages(hub),
  ])
  return {
    images: [...spec.images].map(([name, image]) => ({
      name,
      recipe: describeRecipe(image),
      description: image.description ?? null,
      isBuilt: built.has(name),
      use: imageUse(spec, name),
      running: running.filter((each) => each.image === name).map(({user}) => user),
    })),
    outdated: running.filter(({isOutdated}) => isOutdated).map(({user}) => user),
  }
}

/** `pandas, matplotlib`, or `requirements /srv/course/requirements.txt`; with Debian's: `pandas; Debian: r-cran-irkernel`. */
export function describeRecipe({recipe, apt}: ImageSpec): string {
  const own = describeOwn(recipe)
  if (apt === undefined) return own
  return `${own === '' ? '' : `${own}; `}Debian: ${apt.join(', ')}`
}

function describeOwn(recipe: ImageSpec['recipe']): string {
  switch (recipe.by) {
    case 'packages':
      return recipe.packages.join(', ')
    case 'requirements':
    case 'environment':
      return `${recipe.by} ${recipe.file}`
    case 'project':
    case 'build':
      return `${recipe.by} ${recipe.directory}`
    case 'oci':
      return recipe.reference
  }
}
