import path from 'node:path'
import {requireReadableRecipe} from '../../engines/choose-engine.js'
import type {FileFacts} from '../../host/files/files.js'
import {factsBehindLinks, plainFileProblem} from '../../host/files/require-plain-file.js'
import type {NewImage} from '../../hub-spec/edit/edit-images.js'
import type {Recipe} from '../../hub-spec/images/images-spec.js'
import {RecipeError} from '../../hub-spec/images/recipes/recipe-error.js'
import type {HubContext} from '../session/hub-context.js'

/**
 * The file or directory that was typed is one, with a recipe in it, which counts for a hub that is not running too: nothing is
 * saved that the next `jhub up` would refuse for it. Throws `JHUB-E301`, `JHUB-E101`.
 */
export async function requireRecipe(
  {host, asked}: Pick<HubContext, 'host' | 'asked'>,
  name: string,
  {requirements, environment, project, build}: NewImage,
): Promise<void> {
  const file = requirements ?? environment
  const typed = file ?? project ?? build
  if (typed === undefined) return
  const place = path.resolve(asked.currentDirectory, typed)
  const facts = await factsBehindLinks(host.files, place)
  const refuse = (words: string) => new RecipeError('JHUB-E301', words, {isNotThere: true})
  if (facts === undefined) throw refuse(`There is no ${file === undefined ? 'directory' : 'file'} ${typed}`)
  const problem = file === undefined ? directoryProblem(facts) : plainFileProblem(facts)
  if (problem !== undefined) throw refuse(`${typed} ${problem}`)
  if (build !== undefined && (await factsBehindLinks(host.files, path.join(place, 'Dockerfile')))?.kind !== 'file')
    throw refuse(`There is no Dockerfile in ${typed}`)
  const recipe = readable({requirements, environment, project}, place)
  if (recipe !== undefined) await requireReadableRecipe(host.files, name, {recipe})
}

/** What a recipe of packages is, in a file or directory; `undefined` for a Dockerfile's. */
function readable({requirements, environment, project}: NewImage, place: string): Recipe | undefined {
  if (requirements !== undefined) return {by: 'requirements', file: place}
  if (environment !== undefined) return {by: 'environment', file: place}
  return project === undefined ? undefined : {by: 'project', directory: place}
}

function directoryProblem({kind}: FileFacts): string | undefined {
  return kind === 'directory' ? undefined : 'is not a directory'
}
