import {describe, expect, it} from 'vitest'
import {translateResolveError} from '../../../../../src/engines/images/errors/resolve-error.js'
import {JhubError} from '../../../../../src/errors.js'

const own = ['jupyterhub==6.1.1', 'jupyterlab']
const translate = (output: string) =>
  translateResolveError(new JhubError('JHUB-E201', '`uv` ended with exit code 1', {details: {output}}), {
    image: 'data',
    own,
  }) as JhubError

/** What uv 0.13 said on these requirements; the last two as uv 0.5 draws it. */
const said: readonly (readonly [string, string, string])[] = [
  [
    'a package that does not exist, with the one that was meant',
    `error: No solution found when resolving dependencies
  cause: Because pandsa was not found in the package registry and you require pandsa, we can conclude that your requirements are unsatisfiable.`,
    'the package index has no package pandsa; did you mean pandas?',
  ],
  [
    'a package that is imported under another name',
    `error: No solution found when resolving dependencies
  cause: Because cv2 was not found in the package registry and you require cv2, we can conclude that your requirements are unsatisfiable.`,
    'the package index has no package cv2; did you mean opencv-python-headless?',
  ],
  [
    'a version that does not exist',
    `error: No solution found when resolving dependencies
  cause: Because there is no version of pandas==99.1 and you require pandas==99.1, we can conclude that your requirements are unsatisfiable.`,
    'the package index has no pandas==99.1',
  ],
  [
    "another version of what is jhub's own",
    `error: No solution found when resolving dependencies
  cause: Because you require jupyterhub==6.1.1 and jupyterhub==5.0.0, we can conclude that your requirements are unsatisfiable.`,
    'jhub itself needs jupyterhub==6.1.1, and the recipe asks for jupyterhub==5.0.0',
  ],
  [
    'one package in two versions',
    `error: No solution found when resolving dependencies
  cause: Because you require pandas==2.2.3 and pandas==2.2.2, we can conclude that your requirements are unsatisfiable.`,
    'the recipe asks for pandas==2.2.3, and the recipe asks for pandas==2.2.2',
  ],
  [
    'two packages that disagree on a third',
    `error: No solution found when resolving dependencies
  cause: Because scipy==1.11.0 depends on numpy>=1.21.6,<1.28.0 and you require numpy>=2.1, we can conclude that your requirements and scipy==1.11.0 are incompatible.
         And because you require scipy==1.11.0, we can conclude that your requirements are unsatisfiable.`,
    'scipy==1.11.0 needs numpy>=1.21.6,<1.28.0, and the recipe asks for numpy>=2.1',
  ],
  [
    'two packages, of which all versions of one need another version of the other',
    `error: No solution found when resolving dependencies for split (markers: python_full_version >= '3.14')
  cause: Because all of:
            pandas>=3.0.0,<=3.0.3
            pandas>=3.0.5
         depend on numpy{python_full_version >= '3.14'}>=2.3.3 and pandas==3.0.4 was yanked (reason: Reported segfaults with datetime-related functionality), we can conclude that pandas>=3.0.0 depends on numpy{python_full_version >= '3.14'}>=2.3.3.
         And because you require numpy<2 and pandas>=3, we can conclude that your requirements are unsatisfiable.`,
    'numpy<2 and pandas>=3 cannot be installed together: pandas>=3.0.0 needs numpy>=2.3.3',
  ],
  [
    'two packages that disagree for some Pythons',
    `error: No solution found when resolving dependencies for split (markers: python_full_version >= '3.12')
  cause: Because pandas==2.2.3 depends on numpy{python_full_version >= '3.12'}>=1.26.0 and you require numpy==1.20.0, we can conclude that your requirements and pandas==2.2.3 are incompatible.
         And because you require pandas==2.2.3, we can conclude that your requirements are unsatisfiable.

hint: While the active Python version is 3.11, the resolution failed for other Python versions supported by your project.`,
    'pandas==2.2.3 needs numpy>=1.26.0, and the recipe asks for numpy==1.20.0',
  ],
  [
    'a package that disagrees with what JupyterHub needs',
    `error: No solution found when resolving dependencies
  cause: Because jupyterhub>=6.1.1 depends on tornado>=6.5 and you require jupyterhub==6.1.1, we can conclude that you require tornado>=6.5.
         And because you require tornado<6, we can conclude that your requirements are unsatisfiable.`,
    'jupyterhub>=6.1.1 needs tornado>=6.5, and the recipe asks for tornado<6',
  ],
  [
    'a package that is not made for this Python',
    `error: No solution found when resolving dependencies
  cause: Because tensorflow==1.15.0 has no wheels with a matching Python version tag (e.g., \`cp311\`) and you require tensorflow==1.15, we can conclude that your requirements are unsatisfiable.`,
    'tensorflow==1.15.0 is not made for the Python of the machine',
  ],
  [
    'a version that needs a newer Python',
    `error: No solution found when resolving dependencies for split (markers: python_full_version == '3.10.*')
  cause: Because the requested Python version (>=3.10) does not satisfy Python>=3.11 and scipy==1.16.0 depends on Python>=3.11, we can conclude that scipy==1.16.0 cannot be used.
         And because you require scipy==1.16.0, we can conclude that your requirements are unsatisfiable.`,
    'scipy==1.16.0 needs Python>=3.11, and the image has Python 3.10',
  ],
  [
    'versions that all need a newer Python',
    `error: No solution found when resolving dependencies for split (markers: python_full_version == '3.10.*')
  cause: Because the requested Python version (>=3.10) does not satisfy Python>=3.11 and all of:
             ipython>=9.0.0,<=9.10.1
             ipython>=9.13.0
         depend on Python>=3.11, we can conclude that all of:
             ipython>=9.0.0,<=9.10.1
             ipython>=9.13.0
          cannot be used.
         And because you require ipython>=9, we can conclude that your requirements are unsatisfiable.`,
    'ipython>=9 needs Python>=3.11, and the image has Python 3.10',
  ],
  [
    'a drawing around the words',
    `  × No solution found when resolving dependencies:
  ╰─▶ Because scipy==1.11.0 depends on numpy>=1.21.6,<1.28.0 and you require
      numpy>=2.1, we can conclude that your requirements and scipy==1.11.0
      are incompatible.`,
    'scipy==1.11.0 needs numpy>=1.21.6,<1.28.0, and the recipe asks for numpy>=2.1',
  ],
]

describe('why packages cannot be had together', () => {
  it.each(said)('is said in one sentence: %s', (_, output, sentence) => {
    const error = translate(output)
    expect(error.code).toBe('JHUB-E221')
    expect(error.message).toBe(`The image data cannot be built: ${sentence}`)
    expect(error.suggestions.length).toBeGreaterThan(0)
  })

  it.each([
    ['pandsa', {missing: 'pandsa', meant: 'pandas'}],
    ['qqzzxxyy', {missing: 'qqzzxxyy'}],
  ])('has the name %s and the one that was meant by themselves', (name, details) => {
    const because = `Because ${name} was not found in the package registry and you require ${name}, we can conclude that no.`
    expect(translate(because).details).toEqual(details)
  })

  it('is told in the words of uv where they are new', () => {
    const error = translate(
      'error: No solution found when resolving dependencies\n  cause: Because the moon is full, no.',
    )
    expect(error.message).toBe('The image data cannot be built: because the moon is full, no.')
  })

  it('is the index, when that does not answer', () => {
    const error = translate(`error: Request failed after 3 retries in 5.5s
  cause: Failed to fetch: http://127.0.0.1:9/simple/jupyterhub/
  cause: Connection refused (os error 111)`)
    expect(error.code).toBe('JHUB-E205')
    expect(error.message).toContain('The package index could not be reached')
  })

  it.each([
    'Failed to build `scipy==1.17.0`\n  The build backend returned an error\n  Call to `mesonpy.build_wheel` failed (signal: 9 (SIGKILL))',
    'Killed',
    'error: Cannot allocate memory (os error 12)',
  ])('is the memory, when that ran out: %s', (output) => {
    expect(translate(output)).toMatchObject({
      code: 'JHUB-E240',
      message: 'Memory ran out while installing the image data',
    })
  })

  it('is the disk, when that is full', () => {
    expect(translate('error: No space left on device (os error 28)').code).toBe('JHUB-E209')
  })
})
