import {readFile, writeFile} from 'node:fs/promises'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {realHost} from '../../src/host/real-host.js'
import {openBrowser, type Browser} from './browser.js'
import {startDirectory, whyNoDirectory} from './directory.js'
import {startGithub} from './github.js'
import {startLearningPlatform} from './learning-platform.js'
import {signInAtProvider, startOidcProvider, type OidcProvider} from './oidc-provider.js'
import {onProcesses} from './process-machine.js'
import {realJhub, type RealJhub} from './real-jhub.js'
import {showTestLogin} from './test-login.js'

const noDirectory = await whyNoDirectory()
if (noDirectory !== undefined) console.error(`SKIPPED: signing in with a directory: ${noDirectory}`)
const port = await realHost().processes.freePort()
const address = `http://127.0.0.1:${String(port)}`

async function getsIn(browser: Browser, name: string): Promise<boolean> {
  const {url, status} = await signInAtProvider(browser, name)
  return status === 200 && new URL(url).pathname === '/hub/home' && url.startsWith(address)
}

describe('signing in with what people have', () => {
  let jhub: RealJhub
  let provider: OidcProvider
  let password: string | undefined
  const open = () => openBrowser(address)

  beforeAll(async () => {
    provider = await startOidcProvider(`${address}/hub/oauth_callback`)
    jhub = await realJhub({port, name: 'signin'})
    await jhub.json('up', '--port', String(port), '--admin', 'ana')
    const {users} = await jhub.json<{users: readonly {password?: string}[]}>('user', 'add', 'ben')
    password = users[0]?.password
  })
  afterAll(async () => {
    await jhub.dispose()
    await provider.stop()
  })

  it('one password for a room opens names of the spec, and no admin', async () => {
    await jhub.runWithInput('room 17 is open\n', 'auth', 'set', 'shared-password', '--secret-file', '-', '--yes')
    expect(await open().login('ben', 'room 17 is open')).toBe(true)
    expect(await open().login('ben', 'room 18 is open')).toBe(false)
    expect(await open().login('ana', 'room 17 is open')).toBe(false)
    expect(await open().login('made-up', 'room 17 is open')).toBe(false)
    const {stdout} = await jhub.run('open', '--admin')
    const admin = open()
    expect(new URL((await admin.get(stdout.trim())).url).pathname).toBe('/hub/home')
    expect((await admin.get('/hub/admin')).status).toBe(200)
    expect((await open().get(stdout.trim())).status).toBe(403)
  })

  it('OpenID Connect lets in whom the spec names, and a login of before has ended', async () => {
    const room = open()
    expect(await room.login('ben', 'room 17 is open')).toBe(true)
    const words = ['oidc', '--issuer', provider.issuer, '--client-id', provider.clientId, '--label', 'Uni']
    const set = await jhub.runWithInput(
      `${provider.clientSecret}\n`,
      'auth',
      'set',
      ...words,
      '--secret-file',
      '-',
      '--yes',
    )
    expect(set).toMatchObject({exitCode: 0})
    expect(set.stdout).toContain('ana, ben can sign in with Uni.')
    expect((await room.get('/hub/home')).url).toContain('/hub/login')
    expect((await open().get('/hub/login')).text).toContain('Sign in with Uni')
    expect(await getsIn(open(), 'ben')).toBe(true)
    const refused = await signInAtProvider(open(), 'stranger')
    expect([refused.status, refused.text]).toMatchObject([403, expect.stringContaining('stranger is not on this hub')])
    const asStranger = showTestLogin(jhub, (browser, link) => signInAtProvider(browser, 'stranger', link))
    expect(await asStranger).toMatchObject({
      claims: {sub: 'stranger', preferred_username: 'stranger'},
      name: 'stranger',
      getsIn: false,
      why: "stranger is not on this hub's list.",
    })
    const ana = open()
    expect(await getsIn(ana, 'ana')).toBe(true)
    expect((await ana.get('/hub/admin')).status).toBe(200)
    expect((await jhub.run('auth', 'check')).exitCode).toBe(0)
    expect((await jhub.json<{changes: readonly unknown[]}>('plan')).changes).toEqual([])
  })

  it("another secret is the hub's at once, and a server that runs lives on", async () => {
    await jhub.json('server', 'start', 'ben')
    const server = await onProcesses.serverId(jhub)
    expect(server).not.toBe('')
    const give = async (secret: string) => {
      expect(await jhub.runWithInput(`${secret}\n`, 'auth', 'secret', '--secret-file', '-')).toMatchObject({
        exitCode: 0,
      })
      return getsIn(open(), 'ben')
    }
    expect(await give('a secret of another hub')).toBe(false)
    expect(await give(provider.clientSecret)).toBe(true)
    expect(await onProcesses.serverId(jhub)).toBe(server)
    await jhub.json('server', 'stop', 'ben')
  })

  it('accounts that get other names leave the old ones alone, and have them again when it is taken back', async () => {
    provider.claims.set('ben', {nickname: 'bee'})
    const claim = (name: string) =>
      jhub.run(
        ...['auth', 'set', 'oidc', '--issuer', provider.issuer, '--client-id', provider.clientId, '--label', 'Uni'],
        ...['--username-claim', name, '--yes'],
      )
    const before = open()
    expect(await getsIn(before, 'ben')).toBe(true)
    expect((await claim('nickname')).exitCode).toBe(0)
    expect((await before.get('/hub/home')).url).toContain('/hub/login')
    await jhub.run('user', 'add', 'bee')
    expect(await getsIn(open(), 'ben')).toBe(true)
    provider.claims.set('eve', {nickname: 'ben'})
    expect((await signInAtProvider(open(), 'eve')).text).toContain('ben belongs to another account')
    expect((await claim('preferred_username')).exitCode).toBe(0)
    expect(await getsIn(open(), 'ben')).toBe(true)
    await jhub.run('user', 'remove', 'bee', '--yes')
  })

  it('people added, demoted and removed are so at once', async () => {
    const added = await jhub.run('user', 'add', 'cleo')
    expect(added.stdout).not.toContain('PASSWORD')
    const cleo = open()
    expect(await getsIn(cleo, 'cleo')).toBe(true)
    await jhub.run('user', 'set', 'cleo', '--admin')
    expect((await cleo.get('/hub/admin')).status).toBe(200)
    await jhub.run('user', 'set', 'cleo', '--no-admin')
    expect((await cleo.get('/hub/admin')).status).toBe(403)
    await jhub.run('user', 'remove', 'cleo', '--yes')
    expect((await cleo.get('/hub/home')).url).toContain('/hub/login')
    expect(await getsIn(open(), 'cleo')).toBe(false)
  })

  it('a rule lets more in, but nobody who was removed; groups follow the provider', async () => {
    const {file} = await jhub.json<{file: string}>('config', 'path')
    const text = await readFile(file, 'utf8')
    const rules = '  allow: {domains: [uni.example]}\n  groups: {staff: ta}\n  method: oidc\n'
    await writeFile(file, `${text.replace('  method: oidc\n', rules)}groups: {ta: }\n`)
    expect((await jhub.run('plan')).stdout).toContain(
      '+ Everybody with a verified e-mail address of uni.example can sign in.',
    )
    await jhub.json('up')
    for (const name of ['dora', 'cleo'])
      provider.claims.set(name, {email: `${name}@uni.example`, email_verified: true, groups: ['staff']})
    provider.claims.set('eve', {email: 'eve@uni.example', email_verified: false})
    expect(await getsIn(open(), 'dora')).toBe(true)
    expect(await getsIn(open(), 'eve')).toBe(false)
    expect(await getsIn(open(), 'cleo')).toBe(false)
    const plan = await jhub.json<{changes: readonly unknown[]; unlisted: readonly unknown[]}>('plan')
    expect(plan).toMatchObject({changes: [], unlisted: []})
  })

  it('GitHub lets in whom the spec, an organization or a team names', async () => {
    const github = await startGithub()
    const comes = async (login: string, id: number, more: {organizations?: string[]; teams?: string[]} = {}) => {
      github.account = {login, id, ...more}
      const browser = open()
      return {browser, page: await browser.get('/hub/oauth_login?next=%2Fhub%2Fhome')}
    }
    try {
      const set = await jhub.runWithInput(
        `${github.clientSecret}\n`,
        ...[
          'auth',
          'set',
          'github',
          '--url',
          github.url,
          '--client-id',
          github.clientId,
          '--allow-organization',
          'Lab',
        ],
        ...['--admin-group', 'Lab:chiefs', '--secret-file', '-', '--yes'],
      )
      expect(set).toMatchObject({exitCode: 0})
      expect(set.stdout).toContain('Everybody in the organization lab of GitHub can sign in.')
      expect((await jhub.run('auth', 'check')).exitCode).toBe(0)
      expect((await comes('Ben', 1)).page).toMatchObject({status: 200, url: `${address}/hub/home`})
      expect((await comes('ben', 2)).page.text).toContain('The name ben belongs to another account here')
      expect((await comes('stranger', 3, {organizations: ['laboratory']})).page.status).toBe(403)
      const {browser, page} = await comes('mia', 4, {organizations: ['Lab'], teams: ['lab:chiefs']})
      expect(page.url).toBe(`${address}/hub/home`)
      expect((await browser.get('/hub/admin')).status).toBe(200)
      await jhub.run('user', 'remove', 'mia', '--yes')
      expect((await browser.get('/hub/home')).url).toContain('/hub/login')
      expect((await comes('mia', 4, {organizations: ['lab']})).page.text).toContain('mia was removed from this hub')
    } finally {
      await github.stop()
    }
  })

  it('a learning platform lets in whom the spec or a role in a course names', async () => {
    const platform = await startLearningPlatform(address)
    const [learner, teacher] = [
      {sub: '7', email: 'ben@uni.example', roles: ['Learner']},
      {sub: '8', email: 'tom@uni.example', roles: ['Instructor']},
    ]
    try {
      const set = await jhub.run(
        ...['auth', 'set', 'lti', '--issuer', platform.issuer, '--client-id', platform.clientId],
        ...['--authorize-url', platform.authorizeUrl, '--keys-url', platform.keysUrl],
        ...['--strip-domain', 'uni.example', '--admin-group', 'Instructor', '--label', 'Moodle', '--yes'],
      )
      expect(set).toMatchObject({exitCode: 0})
      expect(set.stdout).toContain('Everybody who opens the hub from any course of Moodle with the role Instructor')
      expect((await jhub.run('auth', 'check')).stdout).toContain('shows 1 keys')
      expect(await platform.launch(open(), learner)).toMatchObject({status: 200, url: `${address}/hub/home`})
      const refused = await platform.launch(open(), {...learner, sub: '9', email: 'zoe@uni.example'})
      expect([refused.status, refused.text]).toMatchObject([403, expect.stringContaining('zoe is not on this hub')])
      const other = await platform.launch(open(), {...learner, sub: '10'})
      expect(other.text).toContain('The name ben belongs to another account here')
      const browser = open()
      expect((await platform.launch(browser, teacher)).url).toBe(`${address}/hub/home`)
      expect((await browser.get('/hub/admin')).status).toBe(200)
      const asTeacher = showTestLogin(jhub, async (trying, link) => {
        await trying.get(link)
        await platform.launch(trying, teacher)
      })
      expect(await asTeacher).toMatchObject({name: 'tom', admin: true, why: 'By adminGroups: Instructor.'})
      await jhub.run('user', 'remove', 'tom', '--yes')
      expect((await browser.get('/hub/home')).url).toContain('/hub/login')
      expect((await platform.launch(open(), teacher)).status).toBe(403)
    } finally {
      await platform.stop()
    }
  })

  it('any authenticator of JupyterHub says who somebody is, and lets nobody in by that', async () => {
    const set = await jhub.runWithInput(
      'word of the class\n',
      ...['auth', 'set', 'class', '--class', 'jupyterhub.auth:DummyAuthenticator', '--secret-trait', 'password'],
      ...['--secret-file', '-', '--yes'],
    )
    expect(set).toMatchObject({exitCode: 0})
    expect((await jhub.run('auth', 'show')).stdout).toContain('jhub cannot check how DummyAuthenticator finds out')
    expect(await open().login('made-up', 'word of the class')).toBe(false)
    expect(await open().login('ben', 'another word')).toBe(false)
    await jhub.run('user', 'add', 'hal')
    const hal = open()
    expect(await hal.login('hal', 'word of the class')).toBe(true)
    await jhub.run('user', 'remove', 'hal', '--yes')
    expect((await hal.get('/hub/home')).url).toContain('/hub/login')
    expect(await open().login('hal', 'word of the class')).toBe(false)
  })

  it.skipIf(noDirectory !== undefined)(
    'a directory lets in whom the spec names, by their passwords there',
    async () => {
      const directory = await startDirectory('jhub-e2e-directory')
      const set = (server: string, ...more: readonly string[]) =>
        jhub.runWithInput(
          `${directory.bindPassword}\n`,
          ...['auth', 'set', 'ldap', '--server', server, '--base', directory.base, '--bind-dn', directory.bindDn],
          ...['--ca', directory.ca, '--secret-file', '-', '--yes', ...more],
        )
      const tried = async (name: string, word: string) => {
        const browser = open()
        await browser.get('/hub/login')
        const {url, status, text} = await browser.post('/hub/login', {username: name, password: word})
        return new URL(url).pathname === '/hub/home' || status === 200
          ? 'in'
          : /[^.>]*(?:not on|not right)/.exec(text)?.[0]
      }
      try {
        await jhub.json('user', 'add', 'cleo')
        const [ldaps, startTls] = directory.addresses
        const {stdout, stderr, exitCode} = await set(ldaps, '--admin-group', directory.group('chiefs'))
        expect(exitCode, stderr).toBe(0)
        expect(stdout).toMatch(/Everybody in the group cn=chiefs,ou=groups,dc=uni,dc=example of 127\.0\.0\.1:\d+ can/)
        expect((await jhub.run('auth', 'check')).stdout).toContain('✔ bind: the hub can look below ou=people')
        expect(await open().login('ana', 'word of ana')).toBe(true)
        expect(await open().login('Cleo', 'word of cleo')).toBe(true)
        expect((await tried('stranger', 'word of stranger'))?.trim()).toContain('stranger is not on')
        const wrong = ['', ' ', 'word of ben']
        for (const word of wrong) expect(await open().login('ana', word), `"${word}"`).toBe(false)
        for (const name of ['*', 'a*', 'ana)(uid=*', 'ben)(|(uid=ana', 'uid=ana', 'ana+uid=ben', 'cleo {doe}'])
          expect(await open().login(name, 'word of ana'), name).toBe(false)
        const ben = open()
        expect(await ben.login('ben', 'word of ben')).toBe(true)
        expect((await ben.get('/hub/admin')).status).toBe(200)

        // Somebody else gets the name of one who has left.
        await directory.change(`dn: uid=ana,${directory.base}`, 'changetype: delete')
        expect(await open().login('ana', 'word of ana')).toBe(false)
        await directory.change(
          ...[
            `dn: uid=ana,${directory.base}`,
            'changetype: add',
            'objectClass: inetOrgPerson',
            'uid: ana',
            'cn: Another Ana',
          ],
          ...['sn: x', 'userPassword: word of another'],
        )
        expect(await open().login('ana', 'word of another')).toBe(false)

        const {stderr: other} = await set(startTls, '--allow-group', directory.group('staff'))
        expect(other).not.toContain('rror')
        expect((await jhub.run('auth', 'check')).exitCode).toBe(0)
        expect(await open().login('gil', 'word of gil')).toBe(true)
        expect(await open().login('stranger', 'word of stranger')).toBe(false)
        const asGil = showTestLogin(jhub, async (browser, link) => {
          await browser.get(link)
          await browser.post('/hub/login', {username: 'gil', password: 'word of gil'})
        })
        expect(await asGil).toMatchObject({
          name: 'gil',
          getsIn: true,
          why: `By allow.groups: ${directory.group('staff')}.`,
        })
        await jhub.run('user', 'remove', 'gil', '--yes')
        expect(await open().login('gil', 'word of gil')).toBe(false)

        await set(startTls, '--allow-group', directory.group('staf'))
        expect((await jhub.run('auth', 'check')).stdout).toContain(`shows no group ${directory.group('staf')}`)
        const lost = await jhub.runWithInput('another word\n', 'auth', 'secret', '--secret-file', '-')
        expect(lost.exitCode).toBe(0)
        const check = await jhub.run('auth', 'check')
        expect([check.exitCode, check.stdout]).toMatchObject([3, expect.stringContaining('has another password')])
        expect(await open().login('ben', 'word of ben')).toBe(false)
      } finally {
        await directory.stop()
      }
    },
  )

  it('passwords come back, and whoever never had one gets one', async () => {
    await jhub.run('user', 'add', 'fay')
    const {passwords} = await jhub.json<{passwords: Readonly<Record<string, string>>}>('auth', 'unset', '--yes')
    expect(Object.keys(passwords)).toEqual(noDirectory === undefined ? ['cleo', 'fay'] : ['fay'])
    expect(await open().login('fay', passwords['fay'] ?? '')).toBe(true)
    expect(await open().login('ben', password ?? '')).toBe(true)
    expect(await open().login('dora', password ?? '')).toBe(false)
    expect((await open().get('/hub/oauth_login')).status).toBe(404)
  })
})
