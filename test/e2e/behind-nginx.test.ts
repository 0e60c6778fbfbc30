import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {realHost} from '../../src/host/real-host.js'
import {openBrowser} from './browser.js'
import {realJhub, type RealJhub} from './real-jhub.js'
import {untilDoneBy} from './until.js'

const docs = fileURLToPath(new URL('../../docs/behind-a-web-server.md', import.meta.url))
const found = await execa('nginx', ['-v'], {reject: false})
if (found.exitCode !== 0) console.warn('SKIPPED: a hub behind nginx. There is no nginx on this machine.')

/** What the docs tell people to put into nginx, for these ports. */
async function documentedServer(port: string, hubPort: string): Promise<string> {
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(await readFile(docs, 'utf8')) ?? []
  return block
    .replace(/listen 443[^;]*;/, `listen 127.0.0.1:${port};`)
    .replaceAll(/^\s*ssl_certificate.*\n/gm, '')
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${hubPort}`)
}

describe.skipIf(found.exitCode !== 0)('a hub at /jupyter/ behind nginx', () => {
  let jhub: RealJhub
  let directory = ''
  let url = ''
  let password = ''
  let nginx: (PromiseLike<unknown> & {kill(): unknown}) | undefined

  beforeAll(async () => {
    const {processes} = realHost()
    const port = String(await processes.freePort())
    directory = await mkdtemp(path.join(tmpdir(), 'jhub-nginx-'))
    const spec = `version: 1\nname: behind\nmode: vm\nvm: {machine: process}\naccess: {port: 18470, baseUrl: /jupyter/}\nusers: {admin: {admin: true}}\n`
    jhub = await realJhub({port: 18_470, name: 'behind', spec})
    const up = await jhub.json<{url: string; passwords: Record<string, string>}>('up')
    expect(up.url).toBe('http://127.0.0.1:18470/jupyter')
    password = up.passwords['admin'] ?? ''
    const file = path.join(directory, 'nginx.conf')
    const logs = `pid ${directory}/pid;\nerror_log ${directory}/error.log;\ndaemon off;\nevents {}\n`
    const server = await documentedServer(port, '18470')
    await writeFile(file, `${logs}http {\naccess_log off;\nclient_body_temp_path ${directory};\n${server}}\n`)
    await execa('nginx', ['-t', '-c', file])
    nginx = execa('nginx', ['-c', file], {reject: false})
    url = `http://127.0.0.1:${port}/jupyter`
    const isOpen = async () => (await processes.portState(Number(port), '127.0.0.1')).state !== 'free'
    await untilDoneBy(nginx, 'nginx listens', isOpen)
  })

  afterAll(async () => {
    nginx?.kill()
    await nginx
    await jhub.dispose()
    await rm(directory, {recursive: true, force: true})
  })

  it('lets people log in, and runs their code', async () => {
    const admin = openBrowser(url)
    expect(await admin.login('admin', password)).toBe(true)
    await jhub.json('server', 'start', 'admin')
    expect(await admin.runCode('admin', '6 * 7')).toBe('42')
  })

  it('is asked by every verb at its path, and has nothing left to change', async () => {
    expect((await jhub.json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
    const {servers} = await jhub.json<{servers: readonly {url: string}[]}>('server', 'list')
    expect(servers.map((server) => server.url)).toEqual(['http://127.0.0.1:18470/jupyter/user/admin/'])
    expect(await jhub.json('doctor')).toMatchObject({healthy: true})
    expect((await openBrowser(url).get('/user/admin/no-such-page')).url).toContain('/jupyter/')
  })
})
