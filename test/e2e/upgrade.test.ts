import {copyFile, readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {openBrowser} from './browser.js'
import {brokenJhub, olderJhub, runFrom} from './other-jhub.js'
import {onProcesses} from './process-machine.js'
import {realJhub, type RealJhub} from './real-jhub.js'

interface Answer {
  readonly outcome: string
  readonly programs: readonly {readonly name: string; readonly before: string; readonly after: string}[]
  readonly backup: string | null
}

const port = 18_250

describe('a hub that an older jhub brought up', () => {
  let jhub: RealJhub
  let older = ''
  let url = ''
  let server = ''
  const passwords: Record<string, string> = {}
  const login = (name: string) => openBrowser(url).login(name, passwords[name] ?? '')
  const version = async () => (await jhub.json<{jupyterhub: string}>('status')).jupyterhub
  /** Those from before other programs; the newest state of the accounts stands beside them. */
  const backups = async () => {
    const names = await readdir(path.join(jhub.environment['JHUB_DATA_DIR'] ?? '', jhub.name, 'backups'))
    return names.filter((name) => name !== 'latest')
  }

  beforeAll(async () => {
    jhub = await realJhub({port, name: 'upgrade'})
    older = await olderJhub(path.join(jhub.directory, 'older'))
    const ran = await runFrom(older, jhub, 'up', '--port', String(port), '--json')
    const answer = JSON.parse(ran.stdout) as {url: string; passwords: Record<string, string>}
    url = answer.url
    Object.assign(passwords, answer.passwords)
    const added = JSON.parse((await runFrom(older, jhub, 'user', 'add', 'ana', '--json')).stdout) as {
      users: readonly {password: string}[]
    }
    passwords['ana'] = added.users[0]?.password ?? ''
    await jhub.json('server', 'start', 'ana')
    server = await onProcesses.serverId(jhub)
  })
  afterAll(() => jhub.dispose())

  it('is found to be older, and nothing happens without a yes', async () => {
    expect(await version()).toBe('5.5.0')
    const asked = await jhub.run('upgrade')
    expect(asked).toMatchObject({exitCode: 2, stdout: ''})
    expect(asked.stderr).toContain('JupyterHub 5.5.0 → 6.1.1')
    expect((await jhub.run('upgrade', '--dry-run')).stdout).toMatch(
      /JupyterHub 5\.5\.0 → 6\.1\.1[\s\S]*an older jhub started them on open ports {2}\[servers restart\]/,
    )
    expect(await version()).toBe('5.5.0')
  })

  it('keeps a copy of its accounts when the newer one is broken', async () => {
    const broken = await brokenJhub(path.join(jhub.directory, 'broken'))
    const said = await runFrom(broken, jhub, 'upgrade', '--yes')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain('this hub is broken')
    expect(await backups()).toHaveLength(1)
  })

  it('becomes the newer one, with its accounts, and a server that listened on a port is ended', async () => {
    const answer = await jhub.json<Answer>('upgrade', '--yes')
    expect(answer.outcome).toBe('upgraded')
    expect(answer.programs).toContainEqual({name: 'JupyterHub', before: '5.5.0', after: '6.1.1'})
    expect(await version()).toBe('6.1.1')
    expect(await login('admin')).toBe(true)
    expect(await onProcesses.serverId(jhub)).not.toBe(server)
    await jhub.json('server', 'start', 'ana')
    const browser = openBrowser(url)
    expect(await browser.login('ana', passwords['ana'] ?? '')).toBe(true)
    expect((await browser.get('/user/ana/lab')).status).toBe(200)
    expect((await stat(path.join(answer.backup ?? '', 'jupyterhub.sqlite'))).mode & 0o777).toBe(0o600)
    expect((await stat(path.join(answer.backup ?? '', 'applied.yaml'))).isFile()).toBe(true)
    expect(await jhub.json<Answer>('upgrade')).toMatchObject({outcome: 'current'})
    expect((await jhub.run('plan', '--exit-code')).exitCode).toBe(0)
  })

  it('goes on when an older jhub is used on it, and one up takes back what that left', async () => {
    const said = await runFrom(older, jhub, 'upgrade', '--yes')
    expect(said.exitCode).toBe(3)
    expect(await version()).toBe('6.1.1')
    expect(await login('ana')).toBe(true)
    expect((await jhub.json<{passwords: object}>('up')).passwords).toEqual({})
    expect(await login('ana')).toBe(true)
    expect((await jhub.json<{changes: readonly unknown[]}>('plan')).changes).toEqual([])
  })

  it('is upgraded by up too after it was taken away, from the accounts that it left', async () => {
    await jhub.json('down', '--delete-data', '--confirm', jhub.name)
    const made = await runFrom(older, jhub, 'up', '--port', String(port), '--json')
    Object.assign(passwords, (JSON.parse(made.stdout) as {passwords: Record<string, string>}).passwords)
    await runFrom(older, jhub, 'down', '--yes')
    const said = await jhub.run('up')
    expect(said.exitCode).toBe(0)
    expect(said.stderr).toMatch(/Before its software changed, the hub's accounts were copied to \S+/)
    expect(said.stdout).toContain('Passwords are as before')
    expect(await version()).toBe('6.1.1')
  })

  it('goes back to the older jhub by hand, as docs/upgrade.md says', async () => {
    const data = path.join(jhub.environment['JHUB_DATA_DIR'] ?? '', jhub.name)
    const [copy = ''] = await backups()
    await jhub.json('stop', '--yes')
    await copyFile(
      path.join(data, 'backups', copy, 'jupyterhub.sqlite'),
      path.join(data, 'database', 'jupyterhub.sqlite'),
    )
    expect((await runFrom(older, jhub, 'up')).exitCode).toBe(0)
    expect(await version()).toBe('5.5.0')
    expect(await login('admin')).toBe(true)
  })
})
