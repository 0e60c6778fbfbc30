import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {typedAgain} from '../../../../src/hub/image/typed-again.js'

const refused = (details: Record<string, unknown> = {}, code: 'JHUB-E221' | 'JHUB-E301' = 'JHUB-E221') =>
  new JhubError(code, 'The image data cannot be built', {fix: 'jhub config edit', details})
const pandsa = {missing: 'pandsa', meant: 'pandas'}
const fixOf = (...asked: Parameters<typeof typedAgain>) => (typedAgain(...asked) as JhubError).suggestions

describe('what is typed after an image could not be added', () => {
  it.each([
    [
      'the name that was meant, with everything else',
      refused(pandsa),
      {packages: ['numpy>=2', 'Pandsa[excel]==2.2'], apt: ['git'], python: '3.12', description: 'Data frames'},
      "jhub image add data --package 'numpy>=2' --package 'pandas[excel]==2.2' --apt git --python 3.12 --description 'Data frames'",
    ],
    [
      'a Debian package that was meant',
      refused({missing: 'r-cran-dpylr', meant: 'r-cran-dplyr'}),
      {apt: ['r-cran-dpylr']},
      'jhub image add data --apt r-cran-dplyr',
    ],
    [
      'a name that nobody knows',
      refused({missing: 'pqzx'}),
      {packages: ['pqzx']},
      'jhub image add data --package ANOTHER-NAME',
    ],
    [
      'a name in a file',
      refused(pandsa),
      {requirements: 'course.txt'},
      'Write pandas instead of pandsa in course.txt, then run the same command again',
    ],
    [
      'another disagreement in a file',
      refused(),
      {requirements: 'course.txt'},
      'Change course.txt, then run the same command again',
    ],
    [
      'a file that is not there',
      refused({}, 'JHUB-E301'),
      {environment: 'geo.yml'},
      'jhub image add data --environment PATH   # one that is there',
    ],
    ['what nobody foresaw', refused(), {packages: ['numpy']}, 'Ask for other packages, or for other versions.'],
  ])('is %s', (_, error, image, fix) => {
    expect(fixOf(error, 'data', image)).toEqual([fix])
  })

  it('keeps what else is known of the error', () => {
    expect(typedAgain(refused(pandsa), 'data', {packages: ['pandsa']})).toMatchObject({
      code: 'JHUB-E221',
      message: 'The image data cannot be built',
      details: pandsa,
    })
  })

  it.each([
    ['other advice', new JhubError('JHUB-E221', 'no', {fix: 'Ask for one of them only.'})],
    ['another error', new Error('no')],
    ['an image that is there', new JhubError('JHUB-E402', 'no', {fix: ['jhub image show data', 'jhub config edit']})],
    ['a recipe that the settings file cannot have', new JhubError('JHUB-E101', 'no', {fix: 'jhub config edit'})],
  ])('leaves %s as it is', (_, error) => {
    expect(typedAgain(error, 'data', {packages: ['pandsa']})).toBe(error)
    expect(typedAgain(error, 'data', {requirements: 'course.txt'})).toBe(error)
  })
})
