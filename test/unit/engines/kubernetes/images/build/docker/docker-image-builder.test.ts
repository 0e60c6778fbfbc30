import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {dockerImageBuilder} from '../../../../../../../src/engines/kubernetes/images/build/docker/docker-image-builder.js'
import {JhubError} from '../../../../../../../src/errors.js'
import type {CommandOptions, CommandResult} from '../../../../../../../src/host/processes/commands.js'
import type {RegistryLogin} from '../../../../../../../src/host/docker/docker-login.js'
import type {RegistryImage} from '../../../../../../../src/host/docker/docker.js'
import {fakeContext, assets, fakeSystem} from '../../../../../../fakes/fake-context.js'
import {fakeMachine} from '../../../../../../fakes/fake-machine.js'

const base = 'registry.example/course:1'
const digest = `registry.example/course@sha256:${'a'.repeat(64)}`
const index = 'https://ana:secret@index.example/simple'

interface Called {
  readonly words: readonly string[]
  readonly stdin: string
}

/** A Docker that answers by the words it is given; what a test says of them counts first. */
function builderWith(
  answers: (line: string) => CommandResult | Error | undefined = () => undefined,
  inRegistry?: RegistryImage | JhubError,
  {given, ofDocker}: {readonly given?: RegistryLogin; readonly ofDocker?: RegistryLogin} = {},
) {
  const asked: unknown[] = []
  const called: Called[] = []
  const answer = (stdout: string, exitCode = 0): CommandResult => ({stdout, stderr: '', exitCode})
  const usual = (line: string): CommandResult => {
    if (line.includes('json .Config')) return answer('{"User":"1000","Entrypoint":["tini","--"],"Cmd":["start"]}')
    if (line.includes('.Architecture') || line.includes('.Server.Arch')) return answer('linux/amd64')
    if (line.includes('json .RepoDigests')) return answer(`sha256:${'b'.repeat(64)} ["${digest}"]`)
    if (line.endsWith(' look')) return answer('{"python": "3.13", "packages": {"pandas": "3"}, "kernels": []}')
    if (line.endsWith(' choose')) return answer('note\n{"python": "3.13", "packages": "pandas==3\\n"}')
    return answer('{}')
  }
  const {host} = fakeContext(fakeMachine(1))
  const run = async (argv: readonly string[], options: CommandOptions = {}) => {
    called.push({words: argv, stdin: options.stdin ?? ''})
    const line = argv.join(' ')
    const given = answers(line) ?? usual(line)
    if (given instanceof Error) throw given
    return given
  }
  const files = {...host.files, read: async (file: string) => readFileSync(file, 'utf8')}
  const system = {...fakeSystem, environment: {UV_INDEX_URL: index, SSL_CERT_FILE: ''}}
  const findInRegistry = async (reference: string, login?: RegistryLogin) => {
    asked.push(['find', reference, login])
    if (inRegistry === undefined) throw new JhubError('JHUB-E213', 'The registry gives no image')
    if (inRegistry instanceof JhubError) throw inRegistry
    return inRegistry
  }
  const pullImage = async (reference: string, login: RegistryLogin) => void asked.push(['pull', reference, login])
  const docker = {...host.docker, findInRegistry, pullImage, registryLogin: async () => ofDocker}
  const builder = dockerImageBuilder({
    host: {...host, commands: {...host.commands, run}, docker, files, system},
    hubName: 'class',
    assets,
    ...(given === undefined ? {} : {accountFor: async () => given}),
  })
  return {builder, called, asked, verbs: () => called.map(({words}) => words[1])}
}

const absent = (line: string) => (line.includes('json .Config') ? {stdout: '', stderr: '', exitCode: 1} : undefined)

const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
const wanted = {image: 'data', base, reference: 'localhost/jhub/class:data-0', packages: 'pandas==3\n'}
const failed = (why: string, exitCode?: number) =>
  new JhubError('JHUB-E201', 'docker ended badly', {details: {output: why, exitCode}, cause: new Error(why)})

describe('images by Docker', () => {
  it('start as their base does, and no container is left', async () => {
    const {builder, called, verbs} = builderWith()
    await builder.build(wanted, context)
    const commit = called.find(({words}) => words[1] === 'commit')?.words ?? []
    expect(commit).toEqual(expect.arrayContaining(['USER 1000', 'ENTRYPOINT ["tini","--"]', 'CMD ["start"]']))
    expect(commit.at(-1)).toBe(wanted.reference)
    const start = called.findIndex(({words}) => words.includes('jupyterhub-singleuser') && words.includes('1000'))
    expect(start).toBeLessThan(verbs().indexOf('commit'))
    expect([start > 0, verbs().at(-1)]).toEqual([true, 'rm'])
  })

  it('keep no proxy of the account that builds them', async () => {
    const {builder, called} = builderWith()
    await builder.build(wanted, context)
    const create = called.find(({words}) => words[1] === 'create')?.words.join(' ')
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'])
      for (const each of [name, name.toLowerCase()]) expect(create).toContain(` --env ${each}= `)
  })

  it('are made in a container of that run alone, and nothing else is removed', async () => {
    const {builder, called} = builderWith((line) =>
      line.includes('ps --all --filter status=exited')
        ? {stdout: 'jhub.building.class.0\njhub-course-building\n', stderr: '', exitCode: 0}
        : undefined,
    )
    await Promise.all([builder.build(wanted, context), builder.choose({image: 'data', base, requirements: ['pandas']})])
    const made = called.flatMap(({words}) =>
      words.flatMap((word, index) => (word === '--name' ? [words[index + 1]] : [])),
    )
    expect(new Set(made).size).toBe(2)
    for (const name of made) expect(name).toMatch(/^jhub\.building\.class\.[0-9a-f]{12}$/)
    const removed = called.filter(({words}) => words[1] === 'rm').flatMap(({words}) => words.slice(4))
    expect(removed.toSorted()).toEqual(['jhub.building.class.0', ...made].toSorted())
  })

  it('tell a password of the package index to nobody but the program', async () => {
    const {builder, called} = builderWith()
    await builder.choose({image: 'data', base, requirements: ['pandas']})
    await builder.build(wanted, context)
    expect(called.flatMap(({words}) => words).join(' ')).not.toContain('secret')
    expect(called.filter(({stdin}) => stdin.includes(index))).toHaveLength(2)
  })

  const debian = {...wanted, apt: ['r-cran-irkernel', 'git']}
  const withDebian = (line: string) =>
    line.includes('apt-cache show')
      ? {stdout: 'Package: r-cran-irkernel\nPackage: git\n', stderr: '', exitCode: 0}
      : undefined

  it('have Debian packages, installed first and as root, and no lists of them; alone too', async () => {
    for (const packages of ['pandas==3\n', '\n']) {
      const {builder, called} = builderWith(withDebian)
      await builder.build({...debian, packages}, context)
      const lines = called.map(({words}) => words.join(' '))
      const at = (words: string) => lines.findIndex((line) => line.includes(words))
      expect(lines[at(' install -- ')]).toMatch(
        /exec --user 0 .*--no-install-recommends --no-remove install -- r-cran-irkernel git$/,
      )
      expect(at(' install -- ')).toBeLessThan(at('rm -rf /var/lib/apt/lists/*'))
      expect(at('rm -rf /var/lib/apt/lists/*')).toBeLessThan(at('docker commit'))
      expect(lines.some((line) => line.endsWith(' install'))).toBe(packages !== '\n')
    }
  })

  it.each([
    ['apt-get', failed('exec: "apt-get": executable file not found in $PATH', 127), 'JHUB-E230', 'has no apt-get'],
    ['apt-cache show', {stdout: 'Package: git\n', stderr: '', exitCode: 0}, 'JHUB-E221', 'no package r-cran-irkernel'],
    [' install -- ', failed('E: no space left on device', 100), 'JHUB-E209', 'No space left'],
    [' install -- ', failed('E: Failed to fetch http://deb.debian.org/x', 100), 'JHUB-E205', 'could not be reached'],
  ])('without the Debian packages that cannot be installed have no name: %s', async (at, answer, code, words) => {
    const {builder, verbs} = builderWith((line) => (line.includes(at) ? answer : withDebian(line)))
    const error = await builder.build(debian, context).catch((reason: unknown) => reason)
    expect(error).toMatchObject({code})
    expect(String(error)).toContain(words)
    expect([verbs().includes('commit'), verbs().at(-1)]).toEqual([false, 'rm'])
  })

  it.each([
    ['jupyterhub-singleuser --version', failed('no module named x'), 'JHUB-E230'],
    ['jupyterhub-singleuser --version', failed('', 137), 'JHUB-E240'],
    [' install', failed('no space left on device'), 'JHUB-E209'],
    [' install', failed('error sending request for url'), 'JHUB-E205'],
    [' install', failed('hash mismatch in package pandas'), 'JHUB-E205'],
    [' install', failed('', 137), 'JHUB-E240'],
    [' install', failed('something else'), 'JHUB-E201'],
    [' install', {stdout: '', stderr: '', exitCode: 64}, 'JHUB-E230'],
    [' install', failed('error: command gcc failed: command not found', 1), 'JHUB-E201'],
    [' install', failed('error: Failed to build `numpy==1.25.2`\n  cause: x', 1), 'JHUB-E221'],
    [' install', failed('cannot connect to the docker daemon', 125), 'JHUB-E213'],
    ['docker pull', failed('no such host'), 'JHUB-E213'],
  ])('have no name when they could not be made: %s', async (at, answer, code) => {
    const {builder, verbs} = builderWith((line) => {
      if (at === 'docker pull' && line.includes('json .Config')) return {stdout: '', stderr: '', exitCode: 1}
      return line.includes(at) ? answer : undefined
    })
    const error = await builder.build(wanted, context).catch((reason: unknown) => reason)
    expect(error).toMatchObject({code})
    expect(error instanceof JhubError && error.message.length < 200).toBe(true)
    expect([verbs().includes('commit'), verbs().includes('tag')]).toEqual([false, false])
    expect(verbs().at(-1)).toBe(at === 'docker pull' ? 'pull' : 'rm')
  })

  const conda = {
    packages: [`https://conda.example/noarch/gdal-1-0.conda#sha256:${'0'.repeat(64)}`],
    pip: 'folium==1\n',
    variables: {},
  }

  it("have conda's packages, then what pip adds to them, then their kernels", async () => {
    const {builder, called, verbs} = builderWith()
    await builder.build({...wanted, packages: '\n', conda}, context)
    const asked = called.flatMap(({words, stdin}) => {
      if (!['conda', 'install'].includes(words.at(-1) ?? '')) return []
      const {conda: part, into} = JSON.parse(stdin) as {conda?: {verb: string; image: string}; into?: string}
      return [part === undefined ? into : `${part.verb} ${part.image}`]
    })
    expect(asked).toEqual(['install data', 'conda', 'kernels data'])
    expect(verbs()).toContain('commit')
  })

  it.each([
    ['jhub: channel: https://conda.example does not answer: timed out', 'JHUB-E205', 'does not answer'],
    ['jhub: kernel: nothing in it is a kernel', 'JHUB-E221', 'is a kernel'],
    ['No space left on device', 'JHUB-E209', 'No space left'],
    ['Traceback (most recent call last)', 'JHUB-E201', 'could not be built'],
  ])("without conda's packages have no name: %s", async (said, code, words) => {
    const {builder, verbs} = builderWith((line) => (line.endsWith(' conda') ? failed(said, 1) : undefined))
    const error = await builder.build({...wanted, packages: '\n', conda}, context).catch((reason: unknown) => reason)
    expect(error).toMatchObject({code})
    expect(String(error)).toContain(words)
    expect([verbs().includes('commit'), verbs().at(-1)]).toEqual([false, 'rm'])
  })

  it('that somebody else made are known by their digest, or by their id where they are only here; none is downloaded', async () => {
    const newest = {digest: `sha256:${'c'.repeat(64)}`, platforms: ['linux/arm64', 'linux/amd64']}
    const {builder, verbs} = builderWith(undefined, newest)
    expect(await builder.pin({image: 'data', reference: base, isNewest: false})).toEqual({base: digest})
    const next = {base: `registry.example/course@${newest.digest}`}
    expect(await builder.pin({image: 'data', reference: base, isNewest: true})).toEqual(next)
    const away = builderWith(absent, newest)
    expect(await away.builder.pin({image: 'data', reference: base, isNewest: false})).toEqual(next)
    const id = `sha256:${'b'.repeat(64)}`
    const here = builderWith((line) =>
      line.includes('json .RepoDigests') ? {stdout: `${id} []`, stderr: '', exitCode: 0} : undefined,
    )
    expect(await here.builder.pin({image: 'data', reference: base, isNewest: true})).toEqual({base: id})
    expect([...verbs(), ...away.verbs(), ...here.verbs()]).not.toContain('pull')
  })

  it('that a registry gives only to accounts say with which program they are given', async () => {
    const type = `docker login registry.example   # with an account that may download ${base}`
    const refusal = new JhubError('JHUB-E236', 'The registry refuses', {
      fix: 'jhub image login',
      details: {reason: 'account'},
    })
    const {builder} = builderWith(absent, refusal)
    const pin = builder.pin({image: 'data', reference: base, isNewest: false})
    await expect(pin).rejects.toMatchObject({code: 'JHUB-E236', suggestions: [type]})
    const away = builderWith((line) =>
      line.includes(' pull ') ? failed('unauthorized: authentication required') : absent(line),
    )
    await expect(away.builder.build(wanted, context)).rejects.toMatchObject({code: 'JHUB-E213', suggestions: [type]})
  })

  it('that a registry gives only to accounts are downloaded with that of the hub, where Docker has none', async () => {
    const given = {serveraddress: 'registry.example', username: 'course', password: 'secret'}
    const newest = {digest: `sha256:${'c'.repeat(64)}`, platforms: ['linux/amd64']}
    const {builder, asked, verbs} = builderWith(absent, newest, {given})
    await builder.pin({image: 'data', reference: base, isNewest: false})
    await builder.choose({image: 'data', base, requirements: ['pandas']})
    expect(asked).toEqual([
      ['find', base, given],
      ['pull', base, given],
    ])
    expect(verbs()).not.toContain('pull')
    const own = builderWith(absent, newest, {given, ofDocker: {...given, username: 'ana'}})
    await own.builder.pin({image: 'data', reference: base, isNewest: false})
    await own.builder.choose({image: 'data', base, requirements: ['pandas']})
    expect([own.asked, own.verbs()]).toEqual([[['find', base, undefined]], expect.arrayContaining(['pull'])])
    const refusal = new JhubError('JHUB-E236', 'The registry refuses', {details: {reason: 'account'}})
    const refused = builderWith(absent, refusal, {given}).builder.pin({image: 'data', reference: base, isNewest: false})
    const type = `jhub image login registry.example   # with an account that may download ${base}`
    await expect(refused).rejects.toMatchObject({suggestions: [type]})
  })

  it('that somebody else made for other processors are refused before they are downloaded', async () => {
    const {builder} = builderWith(absent, {digest: 'sha256:0', platforms: ['linux/arm64']})
    const pin = builder.pin({image: 'data', reference: base, isNewest: false})
    await expect(pin).rejects.toThrow('The image data is for linux/arm64, and servers run on linux/amd64')
  })

  it('are refused with the two packages that disagree', async () => {
    const because = 'Because you require jupyterhub==5.0.0 and jupyterhub==5.5.0, we can conclude that x'
    const {builder} = builderWith((line) =>
      line.endsWith(' choose')
        ? {stdout: JSON.stringify({refused: because, base: ['jupyterhub==5.5.0']}), stderr: '', exitCode: 0}
        : undefined,
    )
    await expect(builder.choose({image: 'data', base, requirements: ['jupyterhub==5.0.0']})).rejects.toThrow(
      `the recipe asks for jupyterhub==5.0.0, and ${base} has jupyterhub==5.5.0`,
    )
  })
})
