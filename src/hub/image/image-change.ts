import {definedOnly} from '../../defined-only.js'
import type {PackageChoice} from '../../engines/engine.js'
import {JhubError} from '../../errors.js'
import {
  addImage,
  noSuchImage,
  removeImage,
  type NewImage,
  setImage,
  unsetImage,
  type ImageScope,
} from '../../hub-spec/edit/edit-images.js'
import {debianPackageProblem} from '../../hub-spec/images/recipes/debian-package.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {requirementProblem} from '../../hub-spec/images/recipes/requirement.js'
import {imageUse, isUnused} from '../../hub-spec/images/resolve-image.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {locateSpec} from '../session/spec/spec-store.js'
import {seenFromSpec} from '../session/spec/seen-from-spec.js'
import {requireRecipe} from './require-recipe.js'
import {requireUnused} from './require-unused.js'
import {runningImages} from './running-images.js'
import {typedAgain} from './typed-again.js'

export interface ImageChangeResult {
  readonly image: string | null
  /** Somebody has the image by the rules of the spec, or can choose it. */
  readonly isGiven: boolean
  readonly outcome: SpecChangeResult['outcome']
  readonly changes: SpecChangeResult['changes']
  /** Whether the settings file has another text now, or would have. */
  readonly isFileChanged: boolean
  /** People whose running server was started from something else than their next one will be. */
  readonly outdated: readonly string[]
}

/** Files and directories as they were typed, seen from the current directory. */
export interface ImageAddOptions extends NewImage {
  readonly name: string
  readonly dryRun: boolean
}

/** Adds an image, or packages to one that is there, and builds it. Nobody's server changes. */
export async function imageAdd(
  context: HubContext,
  {name, dryRun, ...image}: ImageAddOptions,
): Promise<ImageChangeResult> {
  const {packages, requirements, project, environment, build, oci, apt} = image
  const recipes = [packages, requirements, project, environment, build, oci].filter((each) => each !== undefined)
  if (recipes.length > 1) throw oneRecipe(name)
  for (const text of packages ?? []) {
    const problem = requirementProblem(text)
    if (problem !== undefined)
      throw new JhubError('JHUB-E100', `--package ${problem}`, {fix: `jhub image add ${name} --package pandas`})
  }
  for (const text of apt ?? []) {
    const problem = debianPackageProblem(text)
    if (problem !== undefined)
      throw new JhubError('JHUB-E100', `--apt ${problem}`, {fix: `jhub image add ${name} --apt r-cran-irkernel`})
  }
  const {file} = await locateSpec(context)
  const seen = (typed: string | undefined) => typed && seenFromSpec(context, file, typed)
  const wanted = {
    ...image,
    requirements: seen(requirements),
    project: seen(project),
    environment: seen(environment),
    build: seen(build),
  }
  const edit = (source: string, {images}: HubSpec) => {
    if (!images.has(name) && recipes.length === 0 && apt === undefined) throw oneRecipe(name)
    return addImage(source, name, wanted)
  }
  try {
    await requireRecipe(context, name, image)
    return await changeImages(context, {name, edit, dryRun})
  } catch (error) {
    throw typedAgain(error, name, image)
  }
}

function oneRecipe(name: string): JhubError {
  return new JhubError(
    'JHUB-E100',
    `The image ${name} is made of one thing: packages, or a file or directory that names them`,
    {
      fix: [`jhub image add ${name} --package pandas`, `jhub image add ${name} --requirements requirements.txt`],
    },
  )
}

/** Gives everybody, a group or a person this image. Their next server has it. */
export async function imageGive(
  context: HubContext,
  {name, scope, dryRun}: {readonly name: string; readonly scope: ImageScope; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  return changeImages(context, {name, edit: (source) => setImage(source, name, scope), dryRun})
}

/** Takes an image away again, so that the next wider rule counts. */
export async function imageUnset(
  context: HubContext,
  {scope, dryRun}: {readonly scope: ImageScope; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  return changeImages(context, {edit: (source) => unsetImage(source, scope), dryRun})
}

/** Builds the images of the spec that are not built yet, or only this one. Nobody's server changes. Throws `JHUB-E204` while the hub is not running. */
export async function imageBuild(
  context: HubContext,
  {name, dryRun}: {readonly name?: string; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  const hub = await openHub(context)
  const names = [...hub.spec.images.keys()]
  if (name !== undefined && !names.includes(name)) throw noSuchImage(name, names)
  await hub.requireApi()
  return changeImages(context, {...definedOnly({name}), edit: (source) => source, dryRun})
}

/** Chooses the newest packages that the recipe of an image lets be, or of all of them, and builds them. Throws `JHUB-E204` while the hub is not running. */
export async function imageUpdate(
  context: HubContext,
  {name, dryRun}: {readonly name?: string; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  const hub = await openHub(context)
  const {spec} = hub
  const names = [...spec.images.keys()]
  if (name !== undefined && !names.includes(name)) throw noSuchImage(name, names)
  await hub.requireApi()
  return changeImages(context, {
    ...definedOnly({name}),
    edit: (source) => source,
    choice: {names: name === undefined ? names : [name], take: 'newest'},
    dryRun,
  })
}

/** Goes back to what an image was made of before; nothing is fetched. Throws `JHUB-E302` where it has no earlier build, `JHUB-E204` while the hub is not running. */
export async function imageRollback(
  context: HubContext,
  {name, dryRun}: {readonly name: string; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  const hub = await openHub(context)
  const {spec, engine} = hub
  if (!spec.images.has(name)) throw noSuchImage(name, [...spec.images.keys()])
  await hub.requireApi()
  if ((await engine.images?.look(spec, name))?.earlier === 0)
    throw new JhubError('JHUB-E302', `There is no earlier build of the image ${name}`, {
      fix: `jhub image show ${name}`,
    })
  return changeImages(context, {name, edit: (source) => source, choice: {names: [name], take: 'previous'}, dryRun})
}

/** Takes an image out of the spec. Throws `JHUB-E405` while somebody has it or can choose it. */
export async function imageRemove(
  context: HubContext,
  {name, dryRun}: {readonly name: string; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  const users = (await runningImages(await openHub(context))).filter(({image}) => image === name)
  const edit = (source: string, before: HubSpec) => {
    requireUnused(
      before,
      name,
      users.map(({user}) => user),
    )
    return removeImage(source, name)
  }
  return changeImages(context, {name, edit, dryRun})
}

export interface ImageChange {
  readonly name?: string
  readonly edit: (source: string, before: HubSpec) => string
  readonly choice?: PackageChoice
  readonly dryRun: boolean
}

/** Changes the spec, builds what is missing, and says whose running server is older than that. */
export async function changeImages(
  context: HubContext,
  {name, edit, choice, dryRun}: ImageChange,
): Promise<ImageChangeResult> {
  const images = choice === undefined ? {} : {choice}
  const {hub, outcome, changes, isFileChanged} = await changeSpec(context, {edit, images, dryRun})
  const running = outcome === 'applied' ? await runningImages(hub) : []
  return {
    image: name ?? null,
    isGiven: name !== undefined && hub.spec.images.has(name) && !isUnused(imageUse(hub.spec, name)),
    outcome,
    changes,
    isFileChanged,
    outdated: running.filter(({isOutdated}) => isOutdated).map(({user}) => user),
  }
}
