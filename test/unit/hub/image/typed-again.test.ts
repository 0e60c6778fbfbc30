import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {typedAgain} from '../../../../src/hub/image/typed-again.js'
import {RecipeError, type RecipeErrorOptions} from '../../../../src/hub-spec/images/recipes/recipe-error.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const refused = (fault: RecipeErrorOptions = {}, code: 'JHUB-E221' | 'JHUB-E301' = 'JHUB-E221') =>
  new RecipeError(code, 'The image data cannot be built', fault)
const pandsa = {missing: 'pandsa', meant: 'pandas'}
const fixOf = (...asked: Parameters<typeof typedAgain>) => (typedAgain(...asked) as JhubError).suggestions

/** Why a settings file cannot have this recipe of the image data. */
function problemsOf(recipe: string): unknown {
  try {
    parseHubSpec(`version: 1\nname: class\nmode: vm\nvm: {machine: process}\nimages: {data: ${recipe}}\n`)
    return undefined
  } catch (error) {
    return error
  }
}

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
      refused({isNotThere: true}, 'JHUB-E301'),
      {environment: 'geo.yml'},
      'jhub image add data --environment PATH   # one that is there',
    ],
    [
      'without Debian packages where there can be none',
      refused({key: 'apt', otherwise: 'name another base'}),
      {packages: ['numpy'], apt: ['git']},
      'Leave --apt out, or name another base',
    ],
    [
      'another container image',
      refused({otherwise: 'ask for other packages, or name another image'}),
      {oci: 'quay.io/team/course:1'},
      'jhub image add data --oci ANOTHER-IMAGE',
    ],
    [
      'for a directory with a Dockerfile',
      refused(),
      {build: './course'},
      'Change ./course, then run the same command again',
    ],
    ['what nobody foresaw', refused(), {packages: ['numpy']}, 'Ask for other packages, or for other versions.'],
  ])('is %s', (_, error, image, fix) => {
    expect(fixOf(error, 'data', image)).toEqual([fix])
  })

  it('is a Python that the machine has, or what installs the other', () => {
    const error = refused({key: 'python', otherwise: 'name the Python that the machine has', elsewhere: 'sudo apt-get'})
    expect(error.suggestions).toEqual([
      'sudo apt-get',
      'jhub config edit   # take python out of the image, or name the Python that the machine has',
    ])
    expect(fixOf(error, 'data', {packages: ['numpy'], python: '3.10'})).toEqual([
      'sudo apt-get',
      'Leave --python out, or name the Python that the machine has',
    ])
    expect(typedAgain(error, 'data', {packages: ['numpy']})).toBe(error)
  })

  it.each([
    ['{oci: quay.io/team/course:1}', '--oci is a container image, which mode vm does not run'],
    ['{packages: [numpy], base: quay.io/team/course:1}', '--base is a container image, which mode vm does not run'],
    ['{packages: [numpy], python: "3.9"}', '--python is 3.9, and JupyterHub needs 3.10 or newer'],
    ['{apt: [git]}', '--apt is not for the process machine'],
    ['{packages: ["a b"]}', '--package "a b"'],
  ])('of an image that the settings file cannot have, %s, names the flag', (recipe, sentence) => {
    const error = typedAgain(problemsOf(recipe), 'data', {})
    expect(error).toMatchObject({code: 'JHUB-E100', suggestions: ['jhub image add --help']})
    expect((error as JhubError).message).toContain(`The image data cannot be added: ${sentence}`)
    const other = problemsOf(recipe)
    expect(typedAgain(other, 'course', {})).toBe(other)
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
