import {describe, expect, it} from 'vitest'
import {parseCondaEnvironment} from '../../../../../src/hub-spec/images/conda/conda-environment.js'
import {condaVersions} from '../../../../../src/hub-spec/images/conda/conda-lock.js'
import {
  isSameBuild,
  lockContents,
  parseImageLock,
  renderImageLock,
} from '../../../../../src/hub-spec/images/image-lock.js'
import {renderImageRecords} from '../../../../../src/hub-spec/images/image-records.js'
import {parseImageRecords} from '../../../../../src/hub-spec/images/parse-image-records.js'

const problemsOf = (text: string) => {
  const found = parseCondaEnvironment(text)
  return 'problems' in found ? found.problems.join('\n') : 'none'
}

const noSecrets = 'a channel with a password or token cannot be used'

describe("conda's environment.yml", () => {
  it('is read with its channels, packages, those of pip and variables', () => {
    const text = `name: geo
channels: [conda-forge, nodefaults]
dependencies:
  - python=3.12
  - conda-forge::gdal>=3.9
  - pip
  - pip: [folium, "tabulate>=0.9"]
variables: {PROJ_NETWORK: "ON", THREADS: 4}
`
    expect(parseCondaEnvironment(text)).toEqual({
      environment: {
        channels: ['conda-forge'],
        dependencies: ['python=3.12', 'conda-forge::gdal>=3.9', 'pip'],
        pip: ['folium', 'tabulate>=0.9'],
        variables: {PROJ_NETWORK: 'ON', THREADS: '4'},
      },
    })
    expect(parseCondaEnvironment('dependencies: [r-base]')).toMatchObject({environment: {channels: ['conda-forge']}})
  })

  it.each([
    ['', 'is not a conda environment'],
    ['- a', 'is not a conda environment'],
    ['dependencies: [', 'a [ before this is not closed'],
    ['name: geo', 'it names no package under dependencies'],
    ['channels: [defaults]\ndependencies: [python]', '1: "defaults" is the channel of Anaconda'],
    [
      'dependencies:\n  - python\n  - pip: [git+https://example.org/a.git]',
      '3: "git+https://example.org/a.git" comes from an address',
    ],
    ['dependencies:\n  - python\n  - npm: [a]', '3: only "pip:" can have a list of its own'],
    ['dependencies:\n  - [python]', '2: dependencies can only have texts'],
    ['dependancies: [python]', '1: "dependancies" is not known'],
    ['channels:\n  - https://me:secret@example.org/c\ndependencies: [python]', `2: ${noSecrets}`],
    ['channels: [https://conda.anaconda.org/t/secret/org]\ndependencies: [python]', `1: ${noSecrets}`],
    ['channels: [t/secret/org]\ndependencies: [python]', `1: ${noSecrets}`],
    ['dependencies:\n  - https://me:secret@example.org/c::gdal', `2: ${noSecrets}`],
    ['dependencies: [python]\nvariables: {"A B": c}', '2: variables need names of letters'],
  ])('is refused with the line: %j', (text, sentence) => {
    expect(problemsOf(text)).toContain(sentence)
    expect(problemsOf(text)).not.toContain('secret')
  })
})

describe('locks with conda packages', () => {
  const digest = 'a'.repeat(64)
  const forge = 'https://conda.anaconda.org/conda-forge'
  const lock = {
    recipe: '0123456789ab',
    python: '3.13',
    packages: 'jupyterhub==6.1.1 \\\n    --hash=sha256:00\n',
    conda: {
      packages: [
        `${forge}/noarch/ca-certificates-2026.1-hbd8a1cb_0.conda#sha256:${digest}`,
        `${forge}/linux-64/gdal-3.9.1-py312_0.tar.bz2#sha256:${digest}`,
      ],
      pip: 'folium==0.20 \\\n    --hash=sha256:11\n',
      variables: {PROJ_NETWORK: 'ON'},
    },
  }

  it('are read as they were written, in files and in records', () => {
    expect(parseImageLock(renderImageLock(lock))).toEqual(lock)
    const bare = {...lock, conda: {...lock.conda, pip: '', variables: {}}}
    expect(parseImageLock(renderImageLock(bare))).toEqual(bare)
    expect(parseImageLock(renderImageLock(lock).replaceAll('\n', '\r\n'))).toEqual(lock)
    expect([...parseImageRecords(renderImageRecords(new Map([['geo', [lock]]])))]).toEqual([['geo', [lock]]])
  })

  it('are told by what people have, and by every part', () => {
    expect([...condaVersions(lock.conda)]).toEqual([
      ['ca-certificates', '2026.1'],
      ['gdal', '3.9.1'],
    ])
    expect([...lockContents(lock)]).toEqual([['folium', '0.20'], ...condaVersions(lock.conda)])
    expect(isSameBuild(lock, {...lock, recipe: 'another'})).toBe(true)
    for (const change of [{pip: ''}, {variables: {}}, {packages: lock.conda.packages.slice(1)}])
      expect(isSameBuild(lock, {...lock, conda: {...lock.conda, ...change}})).toBe(false)
  })
})
