import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import type {LocalFiles} from '../../../host/files/files.js'
import {renderDirectoryBase} from '../../../hub-spec/images/recipes/directory-base.js'
import {RecipeError} from '../../../hub-spec/images/recipes/recipe-error.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {parseImageLock, renderImageLock} from '../../../hub-spec/images/image-lock.js'
import type {ImageSpec} from '../../../hub-spec/images/images-spec.js'
import {imageLocks, type ImageLocks, type NamedImage, type ToResolve} from '../../images/image-locks.js'
import {readRecipe, recipeKey} from '../../images/read-recipe.js'
import type {ImageRecordStore} from '../../images/record-images.js'
import {withImage} from '../release/wanted-release.js'
import type {ImageBuilder} from './build/image-builder.js'
import type {Build} from './image-delivery.js'
import {buildOf, shortHash} from './image-reference.js'

export interface ContainerImageLocks {
  /** Of the images of this spec. */
  readonly locks: ImageLocks
  /** What the packages of an image are installed on. */
  readonly base: (image: ImageSpec) => string
  /** What the images are made as, by name; of those that are decided. */
  builds(): Promise<ReadonlyMap<string, Build>>
}

export interface ContainerImageLocksOptions {
  readonly files: LocalFiles
  readonly clock: Pick<Clock, 'now'>
  readonly records: ImageRecordStore
  readonly builder: ImageBuilder
  readonly hubName: string
}

/** What each container image of a spec is made from. */
export function containerImageLocks(options: ContainerImageLocksOptions, spec: HubSpec): ContainerImageLocks {
  const {files, records, hubName} = options
  const base = (image: ImageSpec) => image.base ?? withImage(spec).k8s.image ?? ''
  const locks = imageLocks({
    files,
    records: () => records.read(),
    recipeHash: (named) => recipeHash(options, named, base(named[1])),
    resolve: (named, wanted) => resolve(options, named, wanted, base(named[1])),
  })
  return {
    locks,
    base,
    async builds() {
      const found = await locks.all(spec.images)
      return new Map(
        [...found].flatMap(([name, lock]) =>
          lock === undefined ? [] : [[name, buildOf(hubName, name, lock)] as const],
        ),
      )
    },
  }
}

async function recipeHash(
  {files, builder}: ContainerImageLocksOptions,
  [name, image]: NamedImage,
  base: string,
): Promise<string> {
  const {recipe, python, apt} = image
  if (recipe.by === 'oci') return shortHash(JSON.stringify(recipe.reference))
  if (recipe.by === 'build') return shortHash(JSON.stringify([await builder.digest(recipe.directory)]))
  const key = recipeKey(await readRecipe(files, name, image))
  const more = [...(python === undefined ? [] : [python]), ...(apt === undefined ? [] : [{apt}])]
  return shortHash(JSON.stringify([key, base, ...more]))
}

async function resolve(
  options: ContainerImageLocksOptions,
  [name, image]: NamedImage,
  {there, isNewest, signal}: ToResolve,
  base: string,
) {
  const {builder, clock, files} = options
  const recipe = await recipeHash(options, [name, image], base)
  if (image.recipe.by === 'oci') {
    const {reference} = image.recipe
    return {recipe, ...(await builder.pin({image: name, reference, isNewest})), packages: '\n'}
  }
  if (image.recipe.by === 'build') {
    const digest = await builder.digest(image.recipe.directory)
    const renewed = isNewest ? {renewedAt: new Date(clock.now()).toISOString()} : {}
    return {recipe, base: renderDirectoryBase({digest, ...renewed}), packages: '\n'}
  }
  const previous = there?.packages.trim() ?? ''
  const content = await readRecipe(files, name, image)
  const debian = definedOnly({apt: image.apt})
  const {requirements, project, conda: environment} = content
  const isBaseAlone = requirements.length === 0 && (project ?? environment ?? image.python) === undefined
  if (isBaseAlone) return {recipe, base, ...debian, packages: '\n'}
  const wanted = {image: name, base, ...content}
  const {python, packages, conda} = await builder.choose(previous === '' ? wanted : {...wanted, previous}, signal)
  if (image.python !== undefined && image.python !== python)
    throw new RecipeError(
      'JHUB-E221',
      `The image ${name} cannot be built: it asks for Python ${image.python}, and ${base} has ${python ?? 'another'}`,
      {key: 'python', otherwise: `name an image with Python ${image.python} as its base`},
    )
  const lock = parseImageLock(renderImageLock({recipe, base, ...debian, packages, ...definedOnly({python, conda})}))
  if (lock === undefined) throw new JhubError('JHUB-E210', `uv chose no packages for the image ${name}`)
  return lock
}
