import path from 'node:path'
import type {NewImage} from '../../hub-spec/edit/edit-images.js'
import {RecipeError} from '../../hub-spec/images/recipes/recipe-error.js'
import type {HubContext} from '../session/hub-context.js'

/**
 * The file or directory that was typed is there, which counts for a hub that is not running too: nothing is saved that the next
 * `jhub up` would refuse for it. Throws `JHUB-E301`.
 */
export async function requireRecipe(
  {host, asked}: Pick<HubContext, 'host' | 'asked'>,
  {requirements, environment, build}: NewImage,
): Promise<void> {
  const file = requirements ?? environment
  const typed = file ?? build
  if (typed === undefined) return
  if ((await host.files.stat(path.resolve(asked.currentDirectory, typed))) !== undefined) return
  throw new RecipeError('JHUB-E301', `There is no ${file === undefined ? 'directory' : 'file'} ${typed}`, {
    isNotThere: true,
  })
}
