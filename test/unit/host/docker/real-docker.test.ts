import {createServer, type RequestListener, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import type {Docker} from '../../../../src/host/docker/docker.js'
import {realDocker} from '../../../../src/host/docker/real-docker.js'

let silent: Server
let before: string | undefined
let answer: RequestListener | undefined
beforeEach(async () => {
  // Takes every question and answers none, as long as nobody says what.
  answer = undefined
  silent = createServer((request, response) => answer?.(request, response))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  before = process.env['DOCKER_HOST']
  process.env['DOCKER_HOST'] = `tcp://127.0.0.1:${String((silent.address() as AddressInfo).port)}`
})
afterEach(() => {
  if (before === undefined) delete process.env['DOCKER_HOST']
  else process.env['DOCKER_HOST'] = before
  silent.closeAllConnections()
  silent.close()
})

let place = ''
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'jhub-docker-'))
  await writeFile(path.join(place, 'image.tar'), 'layers')
})
afterAll(() => rm(place, {recursive: true}))

const impatient = {answerMs: 50, removalMs: 60, startMs: 60, stallMs: 50, buildStallMs: 60}
const signal = new AbortController().signal
const pushed = {image: 'x', repository: 'registry.example/x', tag: '1', login: {serveraddress: 'registry.example'}}
const push = (docker: Docker) => docker.pushImage(pushed, {signal, onBytes: () => undefined})
const image = {tag: 'x', labels: {}, buildArguments: {}, files: new Map<string, string>(), isFresh: false}
const building = {signal, onLine: () => undefined}
const container = {
  name: 'jhub-x',
  image: 'x',
  labels: {},
  hostname: 'x',
  volumes: new Map<string, string>(),
  publish: [],
  rights: 'everything',
}

describe('an engine that takes a question and has no answer', () => {
  it.each<[string, (docker: Docker) => Promise<unknown>]>([
    ['findImage', (docker) => docker.findImage('x')],
    ['findImages', (docker) => docker.findImages('x')],
    ['removeImage', (docker) => docker.removeImage('x')],
    ['pushImage', push],
    ['buildImage', (docker) => docker.buildImage(image, building)],
    ['buildDirectory', (docker) => docker.buildDirectory(image as never, building)],
    ['saveImage', (docker) => docker.saveImage('x', path.join(place, 'saved.tar'), signal)],
    ['loadImage', (docker) => docker.loadImage(path.join(place, 'image.tar'), signal)],
    ['findContainer', (docker) => docker.findContainer('x')],
    ['listContainers', (docker) => docker.listContainers('x')],
    ['createContainer', (docker) => docker.createContainer(container as never)],
    ['startContainer', (docker) => docker.startContainer('x')],
    ['removeContainer', (docker) => docker.removeContainer('x')],
    ['findVolume', (docker) => docker.findVolume('x')],
    ['createVolume', (docker) => docker.createVolume('x', {})],
    ['removeVolume', (docker) => docker.removeVolume('x')],
    ['converse', (docker) => docker.converse('x', ['true'], {onLine: () => undefined, onEnd: () => undefined})],
  ])('is given up: %s', async (_, ask) => {
    await expect(ask(realDocker(impatient))).rejects.toMatchObject({
      code: 'JHUB-E215',
      message: 'The Docker engine does not answer',
    })
  })
})

describe('an engine that begins an answer and falls silent', () => {
  const unanswered = {...impatient, answerMs: 5000, startMs: 5000}

  it.each<[string, (docker: Docker) => Promise<unknown>]>([
    ['saveImage', (docker) => docker.saveImage('x', path.join(place, 'half.tar'), signal)],
    ['loadImage', (docker) => docker.loadImage(path.join(place, 'image.tar'), signal)],
    ['buildImage', (docker) => docker.buildImage(image, building)],
  ])('is given up: %s', async (_, ask) => {
    answer = (_request, response) => response.write('{"stream":"Step 1/2"}\n')
    await expect(ask(realDocker(unanswered))).rejects.toMatchObject({
      code: 'JHUB-E215',
      message: 'The Docker engine does not answer',
    })
  })
})

describe('an image in a file', () => {
  it('that is gone is told as that, and not as a silent engine', async () => {
    const gone = path.join(place, 'gone.tar')
    await expect(realDocker({...impatient, stallMs: 60_000}).loadImage(gone, signal)).rejects.toMatchObject({
      code: 'JHUB-E231',
      message: `${gone} cannot be read`,
    })
  })

  it('is waited for while the engine gathers it, and no longer than somebody wants it', async () => {
    answer = (_request, response) => setTimeout(() => response.end('layers'), 150)
    const saved = path.join(place, 'late.tar')
    await realDocker({...impatient, startMs: 60_000, stallMs: 60_000}).saveImage('x', saved, signal)
    expect(await readFile(saved, 'utf8')).toBe('layers')
    answer = undefined
    const stopped = realDocker({...impatient, startMs: 60_000}).saveImage('x', saved, AbortSignal.timeout(20))
    await expect(stopped).rejects.toMatchObject({name: 'TimeoutError'})
  })
})

describe('a container', () => {
  it('whose image somebody removed meanwhile says what to type next', async () => {
    answer = (_, response) => {
      response.statusCode = 404
      response.end('{"message":"No such image: jhub-machine:abc"}')
    }
    const wanted = {name: 'x', image: 'jhub-machine:abc', labels: {}, hostname: 'x', publish: [], rights: []} as const
    const failure = await realDocker()
      .createContainer({...wanted, volumes: new Map()})
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'JHUB-E201',
      suggestions: [expect.stringContaining('Run the same command again')],
    })
    expect(String(failure)).toContain('The image jhub-machine:abc is no longer in Docker')
  })
})

describe('a container that somebody paused', () => {
  it('does not run, and is started by being let go on', async () => {
    const asked: string[] = []
    answer = ({method, url}, response) => {
      asked.push(`${method ?? ''} ${url ?? ''}`)
      response.statusCode = method === 'POST' ? 204 : 200
      response.end(
        JSON.stringify({State: {Running: true, Paused: true}, Config: {Labels: {}}, NetworkSettings: {Ports: {}}}),
      )
    }
    expect(await realDocker().findContainer('x')).toMatchObject({isRunning: false})
    await realDocker().startContainer('x')
    expect(asked.at(-1)).toBe('POST /containers/x/unpause')
  })
})

describe('a container that somebody else has just started', () => {
  it('is what was wanted', async () => {
    answer = ({method}, response) => {
      response.statusCode = method === 'POST' ? 304 : 200
      response.end(method === 'POST' ? undefined : JSON.stringify({State: {Running: false, Paused: false}}))
    }
    await expect(realDocker().startContainer('x')).resolves.toBeUndefined()
  })
})

describe('an image that is built without internet', () => {
  it.each([
    ['W: Failed to fetch https://deb.debian.org/debian/dists/trixie/InRelease  Could not connect to 127.0.0.1:9', true],
    ['Temporary failure resolving deb.debian.org', true],
    ['E: Unable to locate package no-such-package', false],
  ])('says how to go on: %s', async (line, isOffline) => {
    answer = ({url}, response) => {
      response.statusCode = 200
      if (url?.includes('/build') === true)
        response.write(
          `${JSON.stringify({stream: `${line}\n`})}\n${JSON.stringify({error: 'returned a non-zero code: 100'})}\n`,
        )
      response.end()
    }
    const options = {signal: AbortSignal.timeout(5000), onLine: () => undefined}
    const failure = await realDocker()
      .buildImage({tag: 'x:1', labels: {}, files: new Map([['Dockerfile', 'FROM x']]), buildArguments: {}}, options)
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'JHUB-E201'})
    expect(String((failure as {suggestions: unknown}).suggestions).includes('--bundle')).toBe(isOffline)
  })
})

describe('an image that BuildKit could not build', () => {
  it('is told with the lines of its Dockerfile, each once, and without the work that is no line of it', async () => {
    const failure = 'process "/bin/sh -c exit 3" did not complete successfully: exit code: 3'
    const said = [
      '[sha256:db56c] [internal] load remote build context',
      '[sha256:e052c] copy /context /',
      '[sha256:731a1] [2/2] RUN exit 3',
      'going wrong',
      `ERROR: ${failure}`,
    ]
    answer = ({url}, response) => {
      response.statusCode = 200
      if (url?.includes('/build') === true)
        response.write(
          [...said.map((line) => ({stream: `${line}\n`})), {error: failure}]
            .map((each) => JSON.stringify(each))
            .join('\n'),
        )
      response.end()
    }
    const wanted = {tag: 'x:1', labels: {}, files: new Map([['Dockerfile', 'FROM x']]), buildArguments: {}}
    const options = {signal: AbortSignal.timeout(5000), onLine: () => undefined}
    const thrown: unknown = await realDocker()
      .buildImage(wanted, options)
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({code: 'JHUB-E201'})
    expect(((thrown as Error).cause as Error).message.split('\n')).toEqual([
      '[2/2] RUN exit 3',
      'going wrong',
      `ERROR: ${failure}`,
    ])
  })
})

describe('an image for which Docker has no room', () => {
  it.each([
    ['a line that found none', "OSError: [Errno 28] No space left on device: '/opt'", 'returned a non-zero code: 1'],
    ['the engine that found none', 'Step 2/2 : COPY data /opt', 'write /var/lib/docker/x: no space left on device'],
  ])('is told as that by %s', async (_, line, error) => {
    answer = ({url}, response) => {
      response.statusCode = 200
      if (url?.includes('/build') === true)
        response.write(`${JSON.stringify({stream: `${line}\n`})}\n${JSON.stringify({error})}\n`)
      response.end()
    }
    const options = {signal: AbortSignal.timeout(5000), onLine: () => undefined}
    const failure = await realDocker()
      .buildImage({tag: 'x:1', labels: {}, files: new Map([['Dockerfile', 'FROM x']]), buildArguments: {}}, options)
      .catch((thrown: unknown) => thrown)
    expect(failure).toMatchObject({code: 'JHUB-E209', message: "Docker's disk is full"})
    expect(String((failure as Error).cause)).toMatch(/no space left on device/i)
  })
})

describe('a download with an account', () => {
  const login = {serveraddress: 'registry.example', username: 'course', password: 'secret'}
  const pull = () => realDocker().pullImage('registry.example/x:1', login, {signal})

  it('sends the account to the engine', async () => {
    let sent: unknown
    answer = ({headers}, response) => {
      sent = JSON.parse(Buffer.from(String(headers['x-registry-auth']), 'base64url').toString())
      response.end('{"status":"Downloaded"}\n')
    }
    await pull()
    expect(sent).toEqual(login)
  })

  it('ends with what the registry said', async () => {
    answer = (_, response) => response.end('{"error":"unauthorized: authentication required"}\n')
    await expect(pull()).rejects.toMatchObject({code: 'JHUB-E236', details: {reason: 'account'}})
  })
})

describe('a push', () => {
  it('is given up once nothing is heard of it any more', async () => {
    answer = ({method, url}, response) => {
      response.statusCode = method === 'POST' && url?.includes('/tag') === true ? 201 : 200
      if (url?.includes('/push') === true) response.write('{"status":"Preparing"}\n')
      else response.end('[]')
    }
    const failure = await push(realDocker({...impatient, answerMs: 5000})).catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'JHUB-E236', details: {reason: 'silence'}})
    expect(String(failure)).toContain('The registry registry.example does not answer')
  })

  it('of an image that the engine does not have is not told as a refusal of the registry', async () => {
    answer = (_, response) => {
      response.statusCode = 404
      response.end('{"message":"No such image: x"}')
    }
    const failure = await push(realDocker()).catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'JHUB-E201'})
    expect(String(failure)).toContain('does not have the image x')
  })
})
