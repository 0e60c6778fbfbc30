import {createServer, type RequestListener, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import type {HubApi} from '../../../../src/jupyterhub/hub-api.js'
import {createHubApi} from '../../../../src/jupyterhub/create-hub-api.js'
import type {StartOptions, StartTrouble} from '../../../../src/jupyterhub/servers/servers.js'

type Answer = (response: ServerResponse) => void
const json =
  (status: number, body: unknown): Answer =>
  (response) => {
    response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
  }
const cut: Answer = (response) => {
  response.destroy()
}
const says =
  (events: readonly object[], end: Answer): Answer =>
  (response) => {
    response.writeHead(200, {'content-type': 'text/event-stream'})
    response.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''), () => {
      end(response)
    })
  }
const ends: Answer = (response) => {
  response.end()
}
const ana = (server: object | undefined) =>
  json(200, {name: 'ana', admin: false, servers: server === undefined ? {} : {'': server}})
const starting = ana({ready: false, pending: 'spawn', url: '/user/ana/'})
const running = ana({ready: true, pending: null, url: '/user/ana/'})

interface Script {
  readonly post?: readonly Answer[]
  readonly progress?: readonly Answer[]
  readonly user?: readonly Answer[]
  readonly stop?: readonly Answer[]
}

let close: () => void = () => undefined
afterEach(() => {
  close()
})

/** A hub whose answers are given, the last of each kind for ever. */
async function hubThat({post = [json(202, {})], progress = [], user = [], stop = []}: Script): Promise<HubApi> {
  const next = (answers: readonly Answer[]) => {
    let at = 0
    return (response: ServerResponse) => {
      const answer = answers[Math.min(at++, answers.length - 1)]
      if (answer === undefined) throw new Error('this hub was given no answer')
      answer(response)
    }
  }
  const [onPost, onProgress, onUser, onStop] = [next(post), next(progress), next(user), next(stop)]
  const listener: RequestListener = (request, response) => {
    if (request.method === 'POST') onPost(response)
    else if (request.method === 'DELETE') onStop(response)
    else if (request.url?.endsWith('/progress') === true) onProgress(response)
    else onUser(response)
  }
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = () => {
    server.closeAllConnections()
    server.close()
  }
  return createHubApi({url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, token: 'a'})
}

async function start(
  script: Script,
  options: StartOptions = {},
): Promise<{lines: string[]; failure: JhubError | undefined}> {
  const lines: string[] = []
  const api = await hubThat(script)
  try {
    await api.startServer('ana', {...options, onProgress: (line) => lines.push(line)})
    return {lines, failure: undefined}
  } catch (error) {
    expect(error).toBeInstanceOf(JhubError)
    return {lines, failure: error as JhubError}
  }
}

describe('a server that starts', () => {
  const requested = says([{progress: 0, message: 'Server requested'}], cut)
  const ready = says(
    [
      {progress: 0, message: 'Server requested'},
      {progress: 100, ready: true, message: 'Ready'},
    ],
    ends,
  )

  it('is waited for when what the hub tells breaks off, and each line is told once', async () => {
    const script = {progress: [requested, requested, ready], user: [starting]}
    expect(await start(script)).toEqual({lines: ['Server requested'], failure: undefined})
  })

  it('ends at once where it runs nothing will help, with what does; an event of the hub alone does not end it', async () => {
    const oldEvent = says([{progress: 10, message: '[Warning] Error: ImagePullBackOff'}], cut)
    const script = {progress: [requested, oldEvent, oldEvent, ready], user: [starting]}
    expect((await start(script)).failure).toBeUndefined()
    const what = 'the image example/hub:1 cannot be pulled: its registry cannot be reached'
    const trouble = {what, fix: ['docker pull example/hub:1'], isFinal: true}
    const user = [ana(undefined), starting]
    const {failure} = await start({...script, user}, {trouble: async () => trouble})
    expect(failure).toMatchObject({code: 'JHUB-E208', message: `The server of ana could not be started: ${what}`})
    expect(failure?.suggestions[0]).toBe('docker pull example/hub:1')
  })

  it('ends an earlier start that hangs, of which the trouble is no longer its own', async () => {
    const trouble = {what: 'the image example/hub:1 cannot be pulled', fix: [], isFinal: true}
    const lines: string[] = []
    const api = await hubThat({stop: [json(204, {})], progress: [ready], user: [starting, ana(undefined)]})
    await api.startServer('ana', {trouble: async () => trouble, onProgress: (line) => lines.push(line)})
    expect(lines).toEqual(['An earlier start of this server hangs. It is ended first.', 'Server requested'])
  })

  it('ends an earlier start also where it turns out later that it hangs, and only that one', async () => {
    const tryingAgain = {what: 'the image example/hub:1 cannot be pulled', fix: [], isFinal: false}
    const given = {...tryingAgain, isFinal: true}
    const startWith = async (...troubles: readonly StartTrouble[]) => {
      const left = [...troubles]
      const user = [starting, starting, ana(undefined), starting]
      const script = {stop: [json(204, {})], progress: [requested, requested, ready], user}
      return start(script, {trouble: async () => left.shift()})
    }
    const lines = ['Server requested', 'An earlier start of this server hangs. It is ended first.']
    expect(await startWith(tryingAgain, given)).toEqual({lines, failure: undefined})
    const {failure} = await startWith(tryingAgain, given, given)
    expect(failure).toMatchObject({code: 'JHUB-E208'})
  })

  it('says once what it waits for where that may pass', async () => {
    const trouble = {what: 'no node has room for it', fix: [], isFinal: false}
    const script = {progress: [requested, requested, ready], user: [starting]}
    const {lines, failure} = await start(script, {trouble: async () => trouble})
    expect(failure).toBeUndefined()
    expect(lines).toEqual(['Server requested', 'Waiting: no node has room for it'])
  })

  it('is told in the words of where it runs, which say nothing of some events', async () => {
    const event = (reason: string) => ({message: `2026-11-28T09:00:00Z [Normal] ${reason}`, raw_event: {reason}})
    const inWords = async (seen: unknown) => ((seen as {reason: string}).reason === 'Started' ? 'It starts' : undefined)
    const told = says([event('Created'), event('Started'), event('Pulled'), {ready: true}], ends)
    expect((await start({progress: [told], user: [starting]}, {inWords})).lines).toEqual(['It starts'])
    const {failure} = await start(
      {progress: [says([event('Started'), event('Created')], cut)], user: [ana(undefined)]},
      {inWords},
    )
    expect(failure?.message).toMatch(/It last said: It starts$/)
  })

  it('may be ready when the hub is asked', async () => {
    expect(await start({progress: [requested], user: [running]})).toMatchObject({failure: undefined})
  })

  it('is waited for while the hub restarts', async () => {
    const away = json(503, {})
    const {lines, failure} = await start({
      progress: [requested, cut, ready],
      user: [cut, away, starting],
    })
    expect(failure).toBeUndefined()
    expect(lines).toEqual(['Server requested', 'The hub does not answer; waiting for it to come back.'])
  })

  it('that the hub has forgotten ends with what was last said', async () => {
    const {failure} = await start({progress: [requested], user: [ana(undefined)]})
    expect(failure).toMatchObject({
      code: 'JHUB-E208',
      message: 'The server of ana could not be started: the hub no longer starts it. It last said: Server requested',
    })
  })

  it('is given up with what was last said, when time is up', async () => {
    const {failure} = await start({progress: [requested], user: [starting]}, {timeoutMs: 0})
    expect(failure).toMatchObject({code: 'JHUB-E501', exitCode: 6})
    expect(failure?.message).toMatch(/^Gave up waiting for the server of ana to start after 0 s: Server requested$/)
  })

  it('of a hub that does not come back ends with that', async () => {
    const {failure} = await start({progress: [requested], user: [cut]}, {silentMs: 0})
    expect(failure).toMatchObject({code: 'JHUB-E204'})
    expect(failure?.message).toContain('The hub does not answer at http://127.0.0.1:')
  })

  it('that fails ends with the reason', async () => {
    const failed = says([{failed: true, message: 'Spawn failed: no room'}], ends)
    expect((await start({progress: [failed]})).failure?.message).toContain(
      'could not be started: Spawn failed: no room',
    )
  })
})

describe('an answer that jhub does not expect', () => {
  const page = (items: unknown) => json(200, {items, _pagination: {total: 1}})
  it.each([
    ['a page of another program', json(200, '<html>Hello</html>')],
    ['no answer', json(200, null)],
    ['a list without its length', json(200, {items: []})],
    ['a list of something else', page(['ana'])],
    ['a user without a name', page([{admin: true}])],
    ['a user with a server that says nothing', page([{name: 'ana', admin: true, servers: {'': {}}}])],
    ['an answer that breaks off', says([], cut)],
  ])('is told in words: %s', async (_, answer) => {
    const api = await hubThat({user: [answer]})
    const failure: unknown = await api.users().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(JhubError)
    expect((failure as JhubError).message).toMatch(/^The hub (?:answered \/users in a way|does not answer)/)
  })
})
