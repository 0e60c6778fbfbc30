import {describe, expect, it} from 'vitest'
import {dockerDirectoryBuilder} from '../../../../../../../src/engines/kubernetes/images/build/docker/docker-directory-builder.js'
import {dockerfileBases} from '../../../../../../../src/engines/kubernetes/images/build/docker/dockerfile-bases.js'
import {JhubError} from '../../../../../../../src/errors.js'
import type {CommandResult} from '../../../../../../../src/host/processes/commands.js'
import type {DirectoryBuild, Docker} from '../../../../../../../src/host/docker/docker.js'

const digest = 'd'.repeat(64)
const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
const wanted = {
  image: 'course',
  directory: '/srv/course',
  digest,
  isFresh: false,
  reference: 'localhost/jhub/class:course-0',
}
const failed = (why: string) => new JhubError('JHUB-E201', 'docker ended badly', {cause: new Error(why)})

interface Given {
  readonly build?: Error
  readonly platform?: string
  readonly here?: readonly string[]
  readonly answer?: (line: string) => Error | undefined
}

function builderWith({build, platform = 'linux/amd64', here = ['base:1'], answer = () => undefined}: Given = {}) {
  const called: string[] = []
  const built: DirectoryBuild[] = []
  const usual = (line: string): CommandResult => {
    const say = (stdout: string, exitCode = 0) => ({stdout, stderr: '', exitCode})
    if (line.startsWith('version')) return say('linux/amd64')
    if (line.includes('.Architecture')) return say(platform)
    if (line.includes('json .RepoDigests')) return say('["base@sha256:1"]')
    if (line.includes('json .Config'))
      return line.includes(':building-') || here.some((each) => line.endsWith(each))
        ? say('{"User":"1000"}')
        : say('', 1)
    return say('')
  }
  const docker = async (words: readonly string[]) => {
    const line = words.join(' ')
    called.push(line)
    const error = answer(line)
    if (error !== undefined) throw error
    return usual(line)
  }
  const engine = {
    readBuildDirectory: async () => ({
      dockerfile: 'FROM base:1',
      digest: async () => digest,
      pack: async () => undefined,
    }),
    async buildDirectory(given: DirectoryBuild) {
      built.push(given)
      if (build !== undefined) throw build
    },
  } as unknown as Docker
  const builder = dockerDirectoryBuilder({
    engine,
    docker,
    hubName: 'class',
    proxies: {HTTPS_PROXY: 'http://proxy:3128'},
    withContainer: (work) => work('jhub.building.class.0'),
  })
  return {builder, called, built, isNamed: () => called.some((line) => line.startsWith('tag '))}
}

describe('a directory with a Dockerfile', () => {
  it('has its name once a server was seen to start in it, as the account of the image', async () => {
    const {builder, called, built} = builderWith()
    await builder.buildDirectory(wanted, context)
    const trial = built[0]?.tag ?? ''
    expect(trial).toMatch(/^localhost\/jhub\/class:building-[0-9a-f]{12}$/)
    const start = called.indexOf('exec --user 1000 jhub.building.class.0 jupyterhub-singleuser --version')
    const tag = called.indexOf(`tag ${trial} ${wanted.reference}`)
    expect([start > 0, tag > start, called.at(-1)]).toEqual([true, true, `image rm ${trial}`])
    expect(built[0]).toMatchObject({buildArguments: {HTTPS_PROXY: 'http://proxy:3128'}, isFresh: false})
    expect(called.some((line) => line.startsWith('pull'))).toBe(false)
  })

  it('has its base from its registry where it is not here, and the newest when it is updated', async () => {
    const other = builderWith({here: []})
    await other.builder.buildDirectory(wanted, context)
    const again = builderWith()
    await again.builder.buildDirectory({...wanted, isFresh: true}, context)
    expect([other.called, again.called].map((lines) => lines.includes('pull --quiet base:1'))).toEqual([true, true])
    expect(again.built[0]?.isFresh).toBe(true)
  })

  it.each<[string, Given, string, string]>([
    ['a failing line', {build: failed('pip: not found')}, 'JHUB-E201', 'could not be built from /srv/course'],
    ['a full disk', {build: new JhubError('JHUB-E209', 'No room')}, 'JHUB-E209', 'No room'],
    [
      'a line for which there was no memory',
      {build: failed("The command '/bin/sh -c pip install scipy' returned a non-zero code: 137")},
      'JHUB-E240',
      'Memory ran out while installing the image course',
    ],
    ['an engine that went away', {build: new JhubError('JHUB-E215', 'went away')}, 'JHUB-E215', 'went away'],
    [
      'another architecture',
      {platform: 'linux/arm64'},
      'JHUB-E230',
      'is for linux/arm64, and servers run on linux/amd64',
    ],
    [
      'no jupyterhub-singleuser',
      {answer: (line) => (line.includes('--version') ? failed('exec: executable file not found in $PATH') : undefined)},
      'JHUB-E230',
      'has no jupyterhub-singleuser in it',
    ],
    [
      'nothing that can be run',
      {answer: (line) => (line.startsWith('start') ? failed('"sleep": executable file not found') : undefined)},
      'JHUB-E230',
      'has no jupyterhub-singleuser in it',
    ],
    [
      'a broken jupyterhub-singleuser',
      {answer: (line) => (line.includes('--version') ? failed('no module named x') : undefined)},
      'JHUB-E230',
      'jupyterhub-singleuser ends at once',
    ],
  ])('has no name, and leaves none, after %s', async (_title, given, code, words) => {
    const {builder, called, isNamed, built} = builderWith(given)
    const error = await builder.buildDirectory(wanted, context).catch((reason: unknown) => reason)
    expect(error).toMatchObject({code, message: expect.stringContaining(words) as string})
    expect([isNamed(), called.at(-1)]).toEqual([false, `image rm ${built[0]?.tag ?? ''}`])
  })

  it('is not built in a state other than the one that was decided', async () => {
    const {builder, built} = builderWith()
    const other = builder.buildDirectory({...wanted, digest: 'e'.repeat(64)}, context)
    await expect(other).rejects.toMatchObject({code: 'JHUB-E302'})
    expect(built).toEqual([])
  })
})

describe('the images on which a Dockerfile builds', () => {
  it('are those of registries that it names itself', () => {
    const text = [
      '# FROM no/comment',
      'ARG V=1',
      'FROM --platform=linux/amd64 quay.io/one:1 AS First',
      'from two',
      'FROM first',
      'FROM scratch',
      'FROM three:$V',
      'FROM two',
    ].join('\n')
    expect(dockerfileBases(text)).toEqual(['quay.io/one:1', 'two'])
  })
})
