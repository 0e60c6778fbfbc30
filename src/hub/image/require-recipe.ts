import path from 'node:path'
import type {FileFacts} from '../../host/files/files.js'
import {factsBehindLinks, plainFileProblem} from '../../host/files/require-plain-file.js'
import type {NewImage} from '../../hub-spec/edit/edit-images.js'
import {RecipeError} from '../../hub-spec/images/recipes/recipe-error.js'
import type {HubContext} from '../session/hub-context.js'

/**
 * The file or directory that was typed is one, which counts for a hub that is not running too: nothing is saved that the next
 * `jhub up` would refuse for it. Throws `JHUB-E301`.
 */
export async function requireRecipe(
  {host, asked}: Pick<HubContext, 'host' | 'asked'>,
  {requirements, environment, project, build}: NewImage,
): Promise<void> {
  const file = requirements ?? environment
  const typed = file ?? project ?? build
  if (typed === undefined) return
  const facts = await factsBehindLinks(host.files, path.resolve(asked.currentDirectory, typed))
  const refuse = (words: string) => new RecipeError('JHUB-E301', words, {isNotThere: true})
  if (facts === undefined) throw refuse(`There is no ${file === undefined ? 'directory' : 'file'} ${typed}`)
  const problem = file === undefined ? directoryProblem(facts) : plainFileProblem(facts)
  if (problem !== undefined) throw refuse(`${typed} ${problem}`)
}

function directoryProblem({kind}: FileFacts): string | undefined {
  return kind === 'directory' ? undefined : 'is not a directory'
}
