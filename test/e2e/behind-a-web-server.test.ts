import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openBrowser} from './browser.js'
import {whyNoDocker} from './docker-machine.js'
import {realJhub, type RealJhub} from './real-jhub.js'
import {startWebServers, type WebServers} from './web-servers.js'

const missing = await whyNoDocker()
if (missing !== undefined) console.warn(`SKIPPED: a hub behind nginx, Apache and Caddy, because ${missing}`)

describe.skipIf(missing !== undefined)('a hub at /jupyter/ behind another web server', () => {
  let jhub: RealJhub
  let webServers: WebServers | undefined
  let password = ''

  beforeAll(async () => {
    const spec = `version: 1\nname: behind\nmode: vm\nvm: {machine: process}\naccess: {port: 18470, baseUrl: /jupyter/}\nusers: {admin: {admin: true}}\n`
    jhub = await realJhub({port: 18_470, name: 'behind', spec})
    const up = await jhub.json<{url: string; passwords: Record<string, string>}>('up')
    expect(up.url).toBe('http://127.0.0.1:18470/jupyter')
    password = up.passwords['admin'] ?? ''
    await jhub.json('server', 'start', 'admin')
    webServers = await startWebServers('jhub-e2e-behind', 18_470)
  })

  afterAll(async () => {
    await webServers?.stop()
    await jhub.dispose()
  })

  it.each(['nginx', 'apache', 'caddy'] as const)(
    'by the lines of the docs, %s lets people log in by HTTPS, and runs their code',
    async (server) => {
      if (webServers === undefined) throw new Error('no web server runs')
      const url = `https://www.example.org:${String(webServers.ports[server])}/jupyter`
      const admin = openBrowser(url, webServers.ca, '127.0.0.1')
      expect(await admin.login('admin', password)).toBe(true)
      expect(await admin.loginIsSecure()).toBe(true)
      expect(await admin.runCode('admin', '6 * 7')).toBe('42')
      expect((await admin.get('/user/admin/no-such-page')).url).toContain(`${url}/`)
    },
  )

  it('is asked by every verb at its path, and has nothing left to change', async () => {
    expect((await jhub.json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
    const {servers} = await jhub.json<{servers: readonly {url: string}[]}>('server', 'list')
    expect(servers.map((server) => server.url)).toEqual(['http://127.0.0.1:18470/jupyter/user/admin/'])
    expect(await jhub.json('doctor')).toMatchObject({healthy: true})
    expect((await openBrowser('http://127.0.0.1:18470/jupyter').get('/user/admin/no-such-page')).url).toContain(
      '/jupyter/',
    )
  })
})
