import {describe, expect, it} from 'vitest'
import {translateProjectError} from '../../../../../src/engines/images/errors/project-error.js'
import {JhubError} from '../../../../../src/errors.js'

/** What uv 0.13 said of projects. */
const said: readonly (readonly [string, string])[] = [
  [
    'error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.\n\nhint: To update the lockfile, run `uv lock`.',
    'the uv.lock of its project is older than its pyproject.toml',
  ],
  [
    "error: The requested interpreter resolved to Python 3.11.2, which is incompatible with the project's Python requirement: `>=3.13` (from `project.requires-python`)",
    'its project needs Python >=3.13, and the image has 3.11.2',
  ],
  ['error: Something else', 'uv cannot read its project: Something else'],
]

describe('why uv reads no packages out of a project', () => {
  it.each(said)('%s', (output, sentence) => {
    const error = translateProjectError(new JhubError('JHUB-E201', 'uv ended', {details: {output}}), 'course')
    expect(error).toMatchObject({code: 'JHUB-E221', message: `The image course cannot be built: ${sentence}`})
  })

  it('names the index where that is at fault', () => {
    const failed = new JhubError('JHUB-E201', 'uv ended', {details: {output: 'error: Failed to fetch: `https://x`'}})
    expect(translateProjectError(failed, 'course')).toMatchObject({code: 'JHUB-E205'})
  })
})
