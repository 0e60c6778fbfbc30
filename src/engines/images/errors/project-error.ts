import {JhubError, outputOf} from '../../../errors.js'
import {translateInstallError} from './install-error.js'

/** Why uv reads no packages out of a project, in one sentence: `JHUB-E221`; anything else as it was. */
export function translateProjectError(error: unknown, image: string): unknown {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  const said = outputOf(error)
  const words = said.replace(/\s+/g, ' ').trim()
  const refused = (sentence: string, fix: string) =>
    new JhubError('JHUB-E221', `The image ${image} cannot be built: ${sentence}`, {cause: new Error(words), fix})
  if (/lockfile .*needs to be updated/i.test(words))
    return refused('the uv.lock of its project is older than its pyproject.toml', 'uv lock   # in the project')
  const [, python = '', needed = ''] =
    /resolved to Python (\d[\w.]*),.*?Python requirement: `([^`]+)`/.exec(words) ??
    /Python (\d[\w.]*) .*?`?requires-python`? ?(?:value|range)?:? ?`([^`]+)`/i.exec(words) ??
    []
  if (python !== '')
    return refused(
      `its project needs Python ${needed}, and the image has ${python}`,
      `jhub image add ${image} --python ${/3\.\d+/.exec(needed)?.[0] ?? '3.13'}`,
    )
  const known = translateInstallError(error, `the image ${image}`)
  if (known !== error) return known
  return refused(`uv cannot read its project: ${words.replace(/^error: /, '')}`, 'uv lock   # in the project')
}
