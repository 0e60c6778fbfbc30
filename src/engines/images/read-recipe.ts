import path from 'node:path'
import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import type {LocalFiles} from '../../host/files/files.js'
import type {CondaEnvironment} from '../../hub-spec/images/conda/conda-environment.js'
import type {ImageSpec} from '../../hub-spec/images/images-spec.js'
import {projectDependencies} from '../../hub-spec/images/recipes/project-lock.js'
import {RecipeError} from '../../hub-spec/images/recipes/recipe-error.js'
import {requirementHashes, requirementLines, requirementProblem} from '../../hub-spec/images/recipes/requirement.js'
import {readRecipeText} from './recipe-text.js'

/** What a recipe asks for, read from its files. */
export interface RecipeContent {
  /** Packages, as pip writes them; of a project those that it names itself. */
  readonly requirements: readonly string[]
  /** Packages with the hashes that the recipe itself names, as a lock has them. */
  readonly hashes?: string
  /** Present where uv chose the versions already. */
  readonly project?: ProjectFiles
  /** Present where conda packages are chosen, for kernels beside the standard server. */
  readonly conda?: CondaEnvironment
}

/** The texts of a project's pyproject.toml and uv.lock. */
export interface ProjectFiles {
  readonly pyproject: string
  readonly lock: string
}

/** Throws `JHUB-E301` for a file that is not there, `JHUB-E101` for lines of it that cannot be. */
export async function readRecipe(
  local: LocalFiles,
  name: string,
  {recipe}: Pick<ImageSpec, 'recipe'>,
): Promise<RecipeContent> {
  if (recipe.by === 'packages') return {requirements: recipe.packages}
  if (recipe.by === 'requirements') return readRequirements(local, name, recipe.file)
  if (recipe.by === 'project') return readProject(local, name, recipe.directory)
  if (recipe.by === 'environment') return {requirements: [], conda: await readEnvironment(local, name, recipe.file)}
  throw new JhubError('JHUB-E001', `The image ${name} has a recipe that is not one of packages`)
}

/** What makes one recipe another: a lock counts for it alone. */
export function recipeKey({requirements, hashes, project, conda}: RecipeContent): unknown {
  if (conda !== undefined) return conda
  if (project !== undefined) return [project.pyproject, project.lock]
  return [...requirements.toSorted(), ...(hashes === undefined ? [] : [hashes])]
}

async function readRequirements(local: LocalFiles, name: string, file: string): Promise<RecipeContent> {
  const text = await readRecipeText(local, file)
  if (text === undefined)
    throw new RecipeError('JHUB-E301', `The image ${name} names ${file}, and there is no such file`, {isNotThere: true})
  const requirements = checkRequirements(name, file, text)
  if (requirements.length === 0) throw new JhubError('JHUB-E101', `${file} lists no packages`, {fix: `Change ${file}`})
  return {requirements, ...definedOnly({hashes: requirementHashes(text)})}
}

/** The packages of a requirements file. Throws `JHUB-E101` with every line that an image cannot have. */
export function checkRequirements(name: string, file: string, text: string): readonly string[] {
  const lines = requirementLines(text)
  const problems = lines.flatMap(({line, text: each}) => {
    const problem = requirementProblem(each)
    return problem === undefined ? [] : [`  ${String(line)}: ${problem}`]
  })
  if (problems.length > 0)
    throw new JhubError('JHUB-E101', `${file} has lines that the image ${name} cannot use:\n${problems.join('\n')}`, {
      fix: `Change ${file}`,
    })
  return lines.map((each) => each.text)
}

async function readEnvironment(local: LocalFiles, name: string, file: string): Promise<CondaEnvironment> {
  const text = await readRecipeText(local, file)
  if (text === undefined)
    throw new RecipeError('JHUB-E301', `The image ${name} names ${file}, and there is no such file`, {isNotThere: true})
  const {parseCondaEnvironment} = await import('../../hub-spec/images/conda/conda-environment.js')
  const found = parseCondaEnvironment(text)
  if ('environment' in found) return found.environment
  const problems = found.problems.map((each) => `  ${each}`).join('\n')
  throw new JhubError('JHUB-E101', `${file} has lines that the image ${name} cannot use:\n${problems}`, {
    fix: `Change ${file}`,
  })
}

async function readProject(local: LocalFiles, name: string, directory: string): Promise<RecipeContent> {
  const read = (file: string) => readRecipeText(local, path.join(directory, file))
  const hasNo = (file: string) => `The image ${name} names the project ${directory}, and it has no ${file}`
  const pyproject = await read('pyproject.toml')
  if (pyproject === undefined) throw new RecipeError('JHUB-E301', hasNo('pyproject.toml'), {isNotThere: true})
  const lock = await read('uv.lock')
  if (lock === undefined) throw new JhubError('JHUB-E301', hasNo('uv.lock'), {fix: `uv lock --directory ${directory}`})
  return {requirements: projectDependencies(lock), project: {pyproject, lock}}
}
