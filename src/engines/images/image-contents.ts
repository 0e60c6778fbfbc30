import type {LocalFiles} from '../../host/files/files.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {lockContents, type ImageLock} from '../../hub-spec/images/image-lock.js'
import type {ImageSpec} from '../../hub-spec/images/images-spec.js'
import type {CondaEnvironment} from '../../hub-spec/images/conda/conda-environment.js'
import {requirementName} from '../../hub-spec/images/recipes/requirement.js'
import {readRecipe} from './read-recipe.js'

/** What people read of each image whose packages were chosen: its Python, and what its recipe asks for, with versions. */
export async function imageContents(
  local: LocalFiles,
  images: HubSpec['images'],
  current: (name: string, image: ImageSpec) => Promise<ImageLock | undefined>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = [...images].map(async ([name, image]) => {
    const lock = await current(name, image)
    if (lock === undefined) return []
    const versions = lockContents(lock)
    // A file that cannot be read is told where packages are chosen.
    const {requirements, conda} = await readRecipe(local, name, image).catch(() => ({
      requirements: [],
      conda: undefined,
    }))
    const wanted = [...condaNames(conda), ...[...requirements, ...(conda?.pip ?? [])].map(requirementName)]
    // A name without a version is not in this build: the recipe was changed since, or its marker leaves it out.
    const had = wanted.flatMap((each) => (versions.has(each) ? [`${each} ${versions.get(each) ?? ''}`] : []))
    const own = image.recipe.by === 'oci' ? [image.recipe.reference] : []
    return [
      [name, [...(lock.python === undefined ? own : [`Python ${lock.python}`]), ...had, ...(image.apt ?? [])]] as const,
    ]
  })
  return new Map((await Promise.all(found)).flat())
}

function condaNames(environment: CondaEnvironment | undefined): readonly string[] {
  return (environment?.dependencies ?? []).map((each) => /([\w.-]+)\s*(?:[=<>!~\[ ].*)?$/.exec(each)?.[1] ?? each)
}
