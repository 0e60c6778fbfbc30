import {execFile} from 'node:child_process'
import {chmod, chown, mkdir, readFile, readdir, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {setTimeout as delay} from 'node:timers/promises'
import {promisify} from 'node:util'
import {execa} from 'execa'
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest'
import {badConfiguration, type BadConfiguration} from './bad-configuration.js'
import {openBrowser} from './browser.js'
import {processesNaming} from './machine-facts.js'
import {realJhub, type RealJhub, type RealJhubOptions} from './real-jhub.js'
import {untilDoneBy} from './until.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const isRoot = process.getuid?.() === 0
const run = promisify(execFile)

interface Services {
  readonly services: readonly {readonly name: string; readonly pid: number}[]
}

const pidOf = async (jhub: RealJhub, name: string) =>
  (await jhub.json<Services>('status')).services.find((service) => service.name === name)?.pid

/** A file that can be unpacked: one stored entry and its directory (PKWARE's APPNOTE, 4.3). */
const otherWheel = (() => {
  const [name, zeros] = [Buffer.from('other.py'), (length: number) => Buffer.alloc(length)]
  const number = (value: number, bytes: 2 | 4) => {
    const buffer = Buffer.alloc(bytes)
    buffer.writeUIntLE(value, 0, bytes)
    return buffer
  }
  const common = Buffer.concat([number(20, 2), zeros(8), zeros(12), number(name.length, 2), zeros(2)])
  const local = Buffer.concat([number(0x04034b50, 4), common, name])
  const central = Buffer.concat([number(0x02014b50, 4), number(20, 2), common, zeros(14), name])
  const end = [number(0x06054b50, 4), zeros(4), number(1, 2), number(1, 2), number(central.length, 4)]
  return Buffer.concat([local, central, ...end, number(local.length, 4), zeros(2)])
})()

describe('before there is a hub', () => {
  let jhub: RealJhub
  const make = async (options: Partial<RealJhubOptions> = {}) => (jhub = await realJhub({port: 18_400, ...options}))
  const state = () => jhub.environment['JHUB_STATE_DIR'] ?? ''
  afterEach(() => jhub.dispose())

  it('a port that is taken is named, with the program that has it', async () => {
    await make()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(18_400, '127.0.0.1', resolve))
    const said = await jhub.run('up', '--port', '18400')
    await new Promise((resolve) => server.close(resolve))
    expect(said).toMatchObject({exitCode: 3, stdout: ''})
    expect(said.stderr).toContain(`port 18400 on 127.0.0.1: used by process ${String(process.pid)} (`)
    expect(said.stderr).toContain('Try:   jhub up --port 8001   # for a new hub; else set access.port')
  })

  it.skipIf(!isRoot)('a disk without room is told before anything is put on it', async () => {
    await make()
    await mkdir(state(), {recursive: true})
    await run('mount', ['-t', 'tmpfs', '-o', 'size=20M,mode=711', 'tmpfs', state()])
    try {
      const said = await jhub.run('up', '--port', '18400')
      expect(said.exitCode).toBe(3)
      expect(said.stderr).toMatch(/disk at \S+: \d+M free; needed: 1\.5G/)
      expect(await readdir(state())).toEqual([])
    } finally {
      await run('umount', [state()])
    }
  })

  it.skipIf(!isRoot)('a state directory of another account is left alone', async () => {
    await make({uid: 65_534})
    await mkdir(path.join(state(), 'jhub'), {recursive: true})
    await chown(state(), 65_534, 65_534)
    const said = await jhub.run('up', '--port', '18400')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain(`directory ${state()}/jhub: it belongs to uid 0; needed: uid 65534`)
    await chown(state(), 0, 0)
    await chmod(state(), 0o700)
    const locked = await jhub.run('up', '--port', '18400')
    expect(locked).toMatchObject({exitCode: 3, stdout: ''})
    expect(locked.stderr).toContain('Code:  JHUB-E202')
  })

  it('an index that cannot be reached is told as such, and nothing is left behind', async () => {
    await make()
    const cache = path.join(jhub.directory, 'empty-cache')
    const environment = {
      ...jhub.environment,
      UV_INDEX_URL: 'http://127.0.0.1:9/simple',
      UV_CACHE_DIR: cache,
      UV_HTTP_TIMEOUT: '3',
      UV_HTTP_RETRIES: '0',
    }
    const said = await execa(process.execPath, [path.join(root, 'bin', 'run.js'), 'up', '--port', '18400'], {
      env: environment,
      reject: false,
    })
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain('The package index could not be reached while installing')
    expect(said.stderr).toContain('HTTPS_PROXY')
    expect(said.stderr).toContain('Code:  JHUB-E205')
    expect(await readdir(state())).toEqual([])
  })

  it.each([
    ['packages that are not the locked ones', otherWheel, 'sent another file than the lock names (hash mismatch)'],
    ['a login page in place of packages', Buffer.from('<html>Please log in</html>'), 'is not a package'],
  ])('%s are refused', async (_what, sent, words) => {
    await make()
    const index = createServer((request, response) => {
      const name = /\/simple\/([^/]+)\/?$/.exec(request.url ?? '')?.[1]
      if (name === undefined) return void response.end(sent)
      const locks = ['hub.txt', 'user.txt'].map((file) =>
        readFile(path.join(root, 'assets', 'requirements', file), 'utf8'),
      )
      void Promise.all(locks).then((texts) => {
        const lock = texts.join('\n')
        const versions = [...lock.matchAll(new RegExp(`^${name}==([^ ;\\\\]+)`, 'gim'))].map(([, version]) => version)
        const files = versions.map((version) => `${name.replaceAll('-', '_')}-${version ?? ''}-py3-none-any.whl`)
        response.setHeader('content-type', 'text/html')
        response.end(files.map((file) => `<a href="/files/${file}#sha256=${'0'.repeat(64)}">${file}</a>`).join('\n'))
      })
    })
    await new Promise<void>((resolve) => index.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${String((index.address() as AddressInfo).port)}/simple`
    const environment = {...jhub.environment, UV_INDEX_URL: url, UV_CACHE_DIR: path.join(jhub.directory, 'empty-cache')}
    const said = await execa(process.execPath, [path.join(root, 'bin', 'run.js'), 'up', '--port', '18400'], {
      env: environment,
      reject: false,
    })
    await new Promise((resolve) => index.close(resolve))
    expect(said.stderr).toContain(words)
    expect(said.stderr).toContain('Code:  JHUB-E205')
    expect(said.exitCode).toBe(3)
    expect(await readdir(state())).toEqual([])
  })

  it('killed in the middle of an installation, the next up makes it whole', async () => {
    await make()
    const child = execa(process.execPath, [path.join(root, 'bin', 'run.js'), 'up', '--port', '18400'], {
      env: jhub.environment,
      reject: false,
      detached: true,
    })
    const environments = path.join(state(), 'jhub', 'env')
    await untilDoneBy(child, 'it installs', async () => (await readdir(environments).catch(() => [])).length > 1)
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    await child
    const answer = await jhub.json<{url: string; passwords: Record<string, string>}>('up')
    expect(await openBrowser(answer.url).login('admin', answer.passwords['admin'] ?? '')).toBe(true)
  })

  it('Ctrl-C in the middle of an installation cleans up and says how to go on', async () => {
    await make()
    const child = execa(process.execPath, [path.join(root, 'bin', 'run.js'), 'up', '--port', '18400'], {
      env: jhub.environment,
      reject: false,
    })
    const environments = path.join(state(), 'jhub', 'env')
    await untilDoneBy(child, 'it installs', async () => (await readdir(environments).catch(() => [])).length > 1)
    child.kill('SIGINT')
    // As when npm or timeout(1) hands on what the whole group has had.
    await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const said = await child
    expect(said.exitCode).toBe(130)
    expect(said.stderr).toContain('Run the same command again')
    expect(await readdir(state())).toEqual([])
  })
})

describe('while a hub runs', () => {
  let jhub: RealJhub
  let url = ''
  let hubPassword = ''
  const state = (...parts: string[]) => path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', 'jhub', ...parts)
  const isWell = () => openBrowser(url).login('admin', hubPassword)
  const extra = () => path.join(jhub.directory, 'extra.py')
  const setExtra = async (python: string) => {
    await writeFile(extra(), python)
    const file = (await jhub.json<{file: string}>('config', 'path')).file
    const source = (await readFile(file, 'utf8')).replace(/\nhub: .*\n/, '\n')
    await writeFile(file, `${source}\nhub: {extraConfig: ${extra()}}\n`)
  }

  /** Until another jhub holds the lock and has said who it is. */
  const whenHeld = async () => {
    const held = async () =>
      (await readdir(jhub.environment['JHUB_STATE_DIR'] ?? '')).some((name) => name.endsWith('.holder'))
    while (!(await held())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  beforeAll(async () => {
    jhub = await realJhub({port: 18_500})
    const answer = await jhub.json<{url: string; passwords: Record<string, string>}>('up', '--port', '18500')
    url = answer.url
    hubPassword = answer.passwords['admin'] ?? ''
  })
  afterAll(() => jhub.dispose())

  it('a damaged applied.yaml is written anew, and nobody is lost', async () => {
    await writeFile(state('applied.yaml'), '\u0000{[damaged')
    const said = await jhub.run('up')
    expect(said.exitCode).toBe(0)
    expect(said.stderr).toContain('applied.yaml is damaged')
    expect(await isWell()).toBe(true)
    expect((await jhub.json<{changes: unknown[]}>('up')).changes).toEqual([])
  })

  it('damaged secrets are set aside and made anew, and passwords still count', async () => {
    await writeFile(state('secrets.json'), '{"apiToken": 5')
    expect((await jhub.run('user', 'list')).stdout).toContain('not running')
    const answer = await jhub.json<{changes: {summary: string}[]}>('up')
    expect(answer.changes.map(({summary}) => summary).join()).toContain('make new secrets')
    expect((await readdir(state())).some((name) => name.startsWith('secrets.json.damaged-'))).toBe(true)
    expect(await isWell()).toBe(true)
  })

  it('a damaged record of a running process does not start a second one', async () => {
    const before = await pidOf(jhub, 'hub')
    await writeFile(state('run', 'hub.json'), 'damaged')
    expect(await pidOf(jhub, 'hub')).toBe(before)
    await jhub.json('up')
    expect(await isWell()).toBe(true)
    const hubs = (await processesNaming(state('etc'))).filter(
      ({command}) => command.includes('jupyterhub_config.py') && !command.includes('keep-running.sh'),
    )
    expect(hubs).toHaveLength(1)
  })

  it('a hub that was killed comes back by itself, without its old culler, and its people keep their servers', async () => {
    await jhub.json('server', 'start', 'admin')
    process.kill((await pidOf(jhub, 'hub')) ?? 0, 'SIGKILL')
    while ((await jhub.json<{state: string}>('status')).state !== 'running') await delay(200)
    expect((await jhub.json<{changes: unknown[]}>('up')).changes).toEqual([])
    const cullers = async () =>
      (await processesNaming(state('env'))).filter(({command}) => command.includes('-m jupyterhub_idle_culler'))
    while ((await cullers()).length !== 1) await delay(200)
    expect((await jhub.json<{servers: {user: string; state: string}[]}>('server', 'list')).servers).toMatchObject([
      {user: 'admin', state: 'running'},
    ])
    await jhub.json('server', 'stop', 'admin')
  })

  it('a hub that an admin shut down on its page comes back by itself, and its people keep their servers', async () => {
    await jhub.json('server', 'start', 'admin')
    const browser = openBrowser(url)
    expect(await browser.login('admin', hubPassword)).toBe(true)
    const before = await pidOf(jhub, 'hub')
    await browser.get('/hub/admin')
    expect((await browser.hubApi('/shutdown', {method: 'POST'})).status).toBe(202)
    while ([before, undefined].includes(await pidOf(jhub, 'hub'))) await delay(200)
    while ((await jhub.json<{state: string}>('status')).state !== 'running') await delay(200)
    expect((await jhub.json<{servers: {user: string; state: string}[]}>('server', 'list')).servers).toMatchObject([
      {user: 'admin', state: 'running'},
    ])
    await jhub.json('server', 'stop', 'admin')
  })

  it('people whom an admin made on its page are named, and user add gives them a password', async () => {
    const browser = openBrowser(url)
    await browser.login('admin', hubPassword)
    await browser.get('/hub/admin')
    const make = (...usernames: string[]) => browser.hubApi('/users', {method: 'POST', body: {usernames, admin: false}})
    expect((await make('zoe')).status).toBe(201)
    expect((await make('..')).status).toBe(400)
    const unlisted = async () => (await jhub.json<{unlisted: unknown[]}>('plan')).unlisted
    expect(await unlisted()).toEqual([{name: 'zoe', hasPassword: false}])
    const {users} = await jhub.json<{users: {name: string; password: string}[]}>('user', 'add', 'zoe')
    expect(await openBrowser(url).login('zoe', users[0]?.password ?? '')).toBe(true)
    await jhub.json('user', 'remove', 'zoe')
    expect(await unlisted()).toEqual([])
  })

  it('two at once: the second waits and says for whom; both are done', async () => {
    await setExtra('import time; time.sleep(2)')
    const first = jhub.run('up')
    await whenHeld()
    const second = await jhub.run('user', 'add', 'one', 'two')
    expect([(await first).exitCode, second.exitCode]).toEqual([0, 0])
    expect(second.stderr).toMatch(/Waiting for `jhub up` \(process \d+, since [^)]+\), which is working on this hub/)
    const {users} = await jhub.json<{users: {name: string; in: string}[]}>('user', 'list')
    expect(users.filter(({name}) => ['one', 'two'].includes(name)).map((user) => user.in)).toEqual(['both', 'both'])
  })

  it('who does not want to wait is told who is in the way', async () => {
    await setExtra('import time; time.sleep(4)')
    const first = jhub.run('up')
    await whenHeld()
    const second = await jhub.run('user', 'add', 'three', '--lock-timeout', '1s')
    expect(second).toMatchObject({exitCode: 5, stdout: ''})
    expect(second.stderr).toContain('`jhub up` (process')
    expect(second.stderr).toContain('Code:  JHUB-E401')
    expect((await first).exitCode).toBe(0)
  })

  it.each<BadConfiguration>([
    ['does not parse', 'def (', 'JHUB-E207', 'invalid syntax'],
    [
      'cannot open its database',
      'c.JupyterHub.db_url = "sqlite:////no/such/place/hub.sqlite"',
      'JHUB-E207',
      'Directory /no/such/place does not exist',
    ],
    ...badConfiguration,
  ])('extra configuration that %s leaves the hub as it was', async (_, python, code, words) => {
    await setExtra(python)
    const said = await jhub.run('up')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain(`Code:  ${code}`)
    expect(said.stderr).toContain(words)
    expect(await isWell()).toBe(true)
    await setExtra('')
    await jhub.json('up')
    expect(await isWell()).toBe(true)
  })

  it('a server that cannot start says why', async () => {
    await setExtra(
      'c.Spawner.cmd = ["/bin/sh", "-c", "echo the kernel is missing >&2; exit 1"]\nc.Spawner.start_timeout = 20\nc.Spawner.http_timeout = 5',
    )
    await jhub.json('up')
    const said = await jhub.run('server', 'start', 'one')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain('The server of one could not be started')
    expect(said.stderr).toContain('the kernel is missing')
    expect(said.stderr).toContain('Try:   jhub logs --user one')
    await setExtra('')
    await jhub.json('up')
    await jhub.json('server', 'start', 'one')
    await rm(extra())
    const gone = await jhub.run('up')
    expect(gone.stderr).toContain(`names ${extra()}, and there is no such file`)
    expect(await isWell()).toBe(true)
    await setExtra('')
  })
})
