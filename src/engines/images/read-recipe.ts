import {JhubError} from '../../errors.js'
import type {Files} from '../../host/files.js'
import type {ImageSpec} from '../../hub-spec/images-spec.js'
import {requirementLines, requirementProblem} from '../../hub-spec/requirement.js'

/** The packages that a recipe asks for. Throws `JHUB-E301` for a file that is not there, `JHUB-E101` for lines of it that cannot be. */
export async function readRecipe(local: Files, name: string, {recipe}: ImageSpec): Promise<readonly string[]> {
  if (recipe.by === 'packages') return recipe.packages
  if (recipe.by !== 'requirements')
    throw new JhubError('JHUB-E001', `The image ${name} has a recipe that is not one of packages`)
  const text = await local.read(recipe.file)
  if (text === undefined)
    throw new JhubError('JHUB-E301', `The image ${name} names ${recipe.file}, and there is no such file`, {
      fix: 'jhub config edit',
    })
  const lines = requirementLines(text)
  const problems = lines.flatMap(({line, text: each}) => {
    const problem = requirementProblem(each)
    return problem === undefined ? [] : [`  ${String(line)}: ${problem}`]
  })
  if (problems.length > 0)
    throw new JhubError(
      'JHUB-E101',
      `${recipe.file} has lines that the image ${name} cannot have:\n${problems.join('\n')}`,
      {
        fix: `Change ${recipe.file}`,
      },
    )
  if (lines.length === 0)
    throw new JhubError('JHUB-E101', `${recipe.file} names no package`, {fix: `Change ${recipe.file}`})
  return lines.map((each) => each.text)
}
