import path from 'node:path'
import {readRecipe} from '../../engines/images/read-recipe.js'
import type {NewImage} from '../../hub-spec/edit/edit-images.js'
import type {Recipe} from '../../hub-spec/images/images-spec.js'
import {RecipeError} from '../../hub-spec/images/recipes/recipe-error.js'
import type {HubContext} from '../session/hub-context.js'

/**
 * What was typed can be read, which counts for a hub that is not running too: nothing is saved that the next `jhub up` would
 * refuse. Throws `JHUB-E301` for a file or directory that is not there, `JHUB-E101` for lines that an image cannot have.
 */
export async function requireRecipe(
  {host, asked}: Pick<HubContext, 'host' | 'asked'>,
  name: string,
  {requirements, project, environment, build}: NewImage,
): Promise<void> {
  const seen = (typed: string) => path.resolve(asked.currentDirectory, typed)
  const read = (recipe: Recipe) => readRecipe(host.files, name, {recipe})
  if (requirements !== undefined) await read({by: 'requirements', file: seen(requirements)})
  if (environment !== undefined) await read({by: 'environment', file: seen(environment)})
  if (project !== undefined) await read({by: 'project', directory: seen(project)})
  if (build === undefined) return
  if ((await host.files.stat(seen(build))) === undefined)
    throw new RecipeError('JHUB-E301', `There is no directory ${build}`, {isNotThere: true})
}
