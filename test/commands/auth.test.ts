import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {FakeHub} from '../fakes/fake-hub.js'
import {listen, makeServer, type Served} from '../fakes/listen.js'
import {newPerson, type Person} from './person.js'

const base =
  'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\naccess: {port: 8000}\nusers:\n  ana: {admin: true}\n  ben:\n'
const oidc = 'auth: {method: oidc, issuer: "https://login.uni.example", clientId: hub, label: Uni}\n'
const secret = 'a-client-secret'

let person: Person

beforeEach(async () => {
  person = await newPerson()
  await person.writeSpec(base)
})
afterEach(() => person.leave())

const secretFile = async () => {
  const file = path.join(person.directory, 'secret')
  await writeFile(file, `${secret}\n`)
  return file
}
const kept = () => readFile(path.join(person.directory, 'state', 'jhub', 'sign-in-secret.json'), 'utf8')

describe('auth set, before the hub runs', () => {
  it('writes the spec, keeps the secret apart from it, and shows neither', async () => {
    const file = await secretFile()
    const said = await person.type(
      `auth set oidc --issuer https://login.uni.example --client-id hub --allow-domain uni.example --secret-file ${file} --yes`,
    )
    expect(said).toMatchObject({exitCode: 0})
    expect(said.stdout).toContain('Saved. The hub is not running: `jhub up` applies it.')
    expect(said.stdout).toContain('+ Everybody with a verified e-mail address of uni.example can sign in.')
    expect(said.stdout).toContain('+ People sign in with https://login.uni.example (client hub).')
    expect(said.stdout.match(/verified e-mail address/g)).toHaveLength(1)
    expect(said.stdout).toContain('ana, ben can sign in with login.uni.example.')
    expect(said.stdout + said.stderr + (await person.readSpec())).not.toContain(secret)
    expect(await person.readSpec()).toContain('issuer: https://login.uni.example')
    expect(JSON.parse(await kept())).toEqual({purpose: 'https://login.uni.example hub', value: secret})
  })

  it.each([
    ['github', 'the method github needs --client-id'],
    ['oidc', 'the method oidc needs --issuer and --client-id'],
    ['lti', 'the method lti needs --issuer, --client-id, --authorize-url and --keys-url'],
    ['ldap', 'the method ldap needs --server and --base or --user-dn'],
    [
      'ldap --server ldaps://x --base dc=x --user-dn uid={username}',
      '--user-dn cannot be used with --base; remove one of them',
    ],
    [
      'oidc --issuer https://login.uni.example --client-id hub --map-group staff=ta',
      '--map-group names the group "ta", which does not exist',
    ],
    ['cilogon --client-id hub', 'the method cilogon needs --identity-provider'],
    ['github --client-id hub --tenant 11111111-2222-4333-8444-555555555555', '--tenant is not for the method github'],
    ['github --client-id hub --scope openid', '--scope is not for the method github'],
    ['github --client-id hub --allow-domain uni.example', '--allow-domain does not work with the method github'],
  ])('of %s, names the flag, and no line of a file that has no mistake', async (words, sentence) => {
    expect(await person.type(`auth set ${words} --dry-run`)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `Error: Nothing was changed: ${sentence}\nTry:   jhub auth set --help\nCode:  JHUB-E100   (jhub help errors)\n`,
    })
  })

  it('asks before logins end, and says how to give the secret where nobody can be asked', async () => {
    const line = 'auth set oidc --issuer https://login.uni.example --client-id hub'
    const unasked = await person.type(line)
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('Run the same command with --yes')
    const without = await person.type(`${line} --yes`)
    expect(without.exitCode).toBe(2)
    expect(without.stderr).toContain('The method oidc needs the client secret')
    expect(without.stderr).toContain('--secret-file')
    expect(await person.readSpec()).toBe(base)
  })

  it('--dry-run says who gains and who loses, and changes nothing', async () => {
    await person.writeSpec(`${base}${oidc.replace('label: Uni', 'label: Uni, allow: {everybody: true}')}`)
    const before = await person.readSpec()
    const said = await person.type('auth set shared-password --dry-run')
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toContain("+ People sign in with the room's password.")
    expect(said.stdout).toContain('- Everybody with an account at Uni can sign in.')
    expect(said.stdout).toContain('with any of these names: ben.')
    expect(await person.readSpec()).toBe(before)
  })

  it.each([
    ['--ca HERE/none.pem', '--ca HERE/none.pem names a file that is not there'],
    ['--ca HERE', '--ca HERE is a directory, not a file'],
    ['--ca HERE/text.pem', '--ca HERE/text.pem holds no certificate in PEM'],
  ])('refuses %s, also in a dry run', async (flag, sentence) => {
    await writeFile(path.join(person.directory, 'text.pem'), 'no certificate\n')
    const here = (text: string) => text.replace('HERE', person.directory)
    const line = here(`auth set oidc --issuer https://login.uni.example --client-id hub ${flag}`)
    for (const more of ['--dry-run', `--secret-file ${await secretFile()} --yes`]) {
      const said = await person.type(`${line} ${more}`)
      expect(said.exitCode).toBe(4)
      expect(said.stderr).toContain(`Error: Nothing was changed: ${here(sentence)}\n`)
      expect(await person.readSpec()).toBe(base)
    }
  })

  it('refuses packages of a class that are not there', async () => {
    const said = await person.type('auth set class --class a:B --requirements /none.txt --dry-run')
    expect(said.stderr).toContain('--requirements /none.txt names a file that is not there')
  })

  it('refuses what cannot be, and leaves the file', async () => {
    const said = await person.type('auth set github --client-id x --allow-domain uni.example --yes')
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain('does not work with the method github')
    expect(await person.readSpec()).toBe(base)
  })

  it('unset asks nothing and changes nothing where people have passwords', async () => {
    const said = await person.type('auth unset')
    expect(said.exitCode, said.stderr).toBe(0)
    expect(await person.readSpec()).toBe(base)
    expect((await person.type('auth unset --dry-run')).stdout).toMatch(
      /^Nothing was changed, and nothing would change\.\n/,
    )
  })

  it('unset brings passwords back', async () => {
    await person.writeSpec(`${base}${oidc}`)
    expect((await person.type('auth unset --yes')).exitCode).toBe(0)
    expect(await person.readSpec()).toBe(base)
  })
})

describe('a change of how people sign in that makes other names', () => {
  const google = 'auth set google --client-id x --strip-domain uni.example'
  const named = base.replace('  ben:\n', '  ben@uni.example:\n')

  it('shows old and new names, and goes on only when that is agreed to', async () => {
    await person.writeSpec(named)
    const asked = await person.type(`${google} --secret-file ${await secretFile()}`)
    expect(asked.exitCode).toBe(2)
    expect(asked.stderr).toContain('These people will have another name. Homes stay with the old names:')
    expect(asked.stderr).toContain('ben@uni.example  →  ben  not in the settings file: jhub user add ben')
    expect(await person.readSpec()).toBe(named)
    const agreed = await person.json(`${google} --secret-file ${await secretFile()} --yes`)
    expect(agreed).toMatchObject({names: [{name: 'ben@uni.example', next: 'ben', nextIs: 'new'}], endsLogins: true})
    expect(await person.readSpec()).toContain('ben@uni.example')
  })

  it('is told by plan, with who is only on the hub, and wants a yes of up', async () => {
    await person.writeSpec(named)
    const hub = await person.startHub()
    hub.state.users.set('zoe@uni.example', {admin: false, server: undefined})
    await person.type(`auth secret --secret-file ${await secretFile()}`)
    await writeFile(path.join(person.directory, 'state', 'jhub', 'applied.yaml'), named)
    await person.writeSpec(`${named}auth: {method: google, clientId: x, stripDomain: uni.example}\n`)
    await person.type(`auth secret --secret-file ${await secretFile()}`)
    expect((await person.type('plan')).stdout).toMatch(/zoe@uni\.example  →  zoe  not in the settings file/)
    const unasked = await person.type('up')
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('ben@uni.example  →  ben')
    expect(unasked.stderr).toContain('jhub up --yes')
  })
})

describe('auth secret', () => {
  it.each([
    ['', 'it is empty'],
    ['one\ntwo\n', 'it contains a line break'],
    ['x'.repeat(1001), 'more than 1000 characters'],
  ])('refuses a text that cannot be one', async (text, why) => {
    await person.writeSpec(`${base}${oidc}`)
    const file = path.join(person.directory, 'bad')
    await writeFile(file, text)
    const said = await person.type(`auth secret --secret-file ${file}`)
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain(why)
  })

  it("wants eight characters of a room's password", async () => {
    await person.writeSpec(`${base}auth: {method: shared-password}\n`)
    const file = path.join(person.directory, 'short')
    await writeFile(file, 'seven77\n')
    expect((await person.type(`auth secret --secret-file ${file}`)).stderr).toContain('at least 8 characters')
  })

  it('is for a method that has one, and needs somebody to type it', async () => {
    expect((await person.type('auth secret')).stderr).toContain('The method password needs no secret')
    await person.writeSpec(`${base}${oidc}`)
    expect((await person.type('auth secret')).stderr).toContain('jhub cannot ask for the client secret')
  })

  it('is missed by up, before anything is changed', async () => {
    await person.writeSpec(`${base}${oidc}`)
    const missing = await person.type('up')
    expect(missing.exitCode).toBe(3)
    expect(missing.stderr).toContain('sign-in: the client secret was not given yet')
    expect(missing.stderr).toContain('jhub auth secret')
    await person.type(`auth secret --secret-file ${await secretFile()}`)
    await person.writeSpec(`${base}${oidc.replace('clientId: hub', 'clientId: other')}`)
    expect((await person.type('up')).stderr).toContain('that was given is for another client or method')
  })
})

describe('auth show', () => {
  it('says who can sign in, whether the secret is there, and what to register', async () => {
    await person.writeSpec(`${base.replace('port: 8000', 'port: 8000, lan: true')}${oidc}`)
    const said = await person.type('auth show')
    expect(said.stdout).toContain('Method: oidc, Uni (https://login.uni.example)')
    expect(said.stdout).toContain('Secret: missing. Give it: jhub auth secret')
    expect(said.stdout).toContain('People in the settings file: 2')
    expect(said.stdout).toContain('- Nobody else can sign in.')
    expect(said.stdout).toContain('http://127.0.0.1:8000/hub/oauth_callback\n')
    await person.type(`auth secret --secret-file ${await secretFile()}`)
    expect(await person.json('auth show')).toMatchObject({method: 'oidc', hasSecret: true, count: 2})
  })
})

describe('auth check', () => {
  let served: Served
  let issuer: string
  let answer: object
  beforeEach(async () => {
    const server = makeServer((_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer))
    })
    served = await listen(server)
    issuer = served.url
    answer = {issuer, authorization_endpoint: issuer, token_endpoint: issuer, jwks_uri: issuer}
    await person.writeSpec(`${base}auth: {method: oidc, issuer: "${issuer}", clientId: hub}\n`)
    await person.type(`auth secret --secret-file ${await secretFile()}`)
  })
  afterEach(() => served.stop())

  it('asks the issuer how it describes itself', async () => {
    const said = await person.type('auth check')
    expect(said.stdout).toContain(`✔ issuer: ${issuer} describes itself`)
    expect(said.stdout).toContain('/hub/oauth_callback')
  })

  it.each([
    [{issuer: 'https://other.example'}, 'calls itself https://other.example'],
    [{jwks_uri: undefined}, 'does not say its jwks_uri'],
  ])('says what is wrong with it', async (other, why) => {
    answer = {...answer, ...other}
    const said = await person.json('auth check')
    expect(said).toMatchObject({findings: [{state: 'ok'}, {check: 'issuer', state: 'problem'}]})
    expect((await person.type('auth check')).stdout).toContain(why)
    process.exitCode = 0
  })

  it.each([
    [{keys: [{kty: 'RSA'}]}, '✔ platform: '],
    [{keys: []}, 'shows no keys'],
    [{}, 'shows no keys'],
  ])('asks a learning platform for its keys', async (body, words) => {
    answer = body
    await person.writeSpec(
      `${base}auth: {method: lti, issuer: "${issuer}", clientId: hub, authorizeUrl: "${issuer}/auth", keysUrl: "${issuer}/keys"}\n`,
    )
    const said = await person.type('auth check')
    process.exitCode = 0
    expect(said.stdout).toContain(words)
    expect(said.stdout).toMatch(/\/hub\/lti13\/oauth_login {3}Initiate login URL/)
  })

  it('says that nobody answers', async () => {
    await served.stop()
    expect((await person.type('auth check')).stdout).toContain(`${issuer} does not answer`)
    process.exitCode = 0
  })
})

describe('with a hub where people sign in elsewhere', () => {
  let hub: FakeHub
  beforeEach(async () => {
    await person.writeSpec(`${base}${oidc}`)
    hub = await person.startHub()
    for (const [name, admin] of [
      ['ana', true],
      ['ben', false],
    ] as const)
      hub.state.users.set(name, {admin, server: undefined})
  })

  it('people are added without a password, and may sign in at once', async () => {
    const said = await person.type('user add cleo')
    expect(said.exitCode).toBe(0)
    expect(said.stdout).not.toContain('PASSWORD')
    expect(hub.state.passwords.size).toBe(0)
    expect(Object.keys(hub.state.signIn.people).sort()).toEqual(['ana', 'ben', 'cleo'])
    expect(hub.state.signIn.people['ana']).toEqual({admin: true, groups: []})
    await person.type('user remove ben')
    expect(Object.keys(hub.state.signIn.people).sort()).toEqual(['ana', 'cleo'])
  })

  it('a password is refused in words', async () => {
    const lines = ['user password ben', 'user password --group ta --yes']
    for (const line of [...lines, `user add dan --password-file ${await secretFile()}`]) {
      const said = await person.type(line)
      expect(said.exitCode).toBe(2)
      expect(said.stderr).toContain('People sign in with Uni here, and have no passwords of their own')
    }
  })

  it('what the provider gave stays: admin rights and groups', async () => {
    hub.state.users.set('ben', {admin: true, server: undefined})
    hub.state.groups.set('ta', {members: new Set(['ben']), properties: {}})
    hub.state.signIn.given['ben'] = {admin: true, groups: ['ta']}
    await person.writeSpec(`${base}groups: {ta: }\n${oidc}`)
    await person.type('user add cleo')
    expect(hub.state.users.get('ben')?.admin).toBe(true)
    expect([...(hub.state.groups.get('ta')?.members ?? [])]).toEqual(['ben'])
    hub.state.signIn.given['ben'] = {admin: false, groups: []}
    await person.type('user add dan')
    expect(hub.state.users.get('ben')?.admin).toBe(false)
    expect([...(hub.state.groups.get('ta')?.members ?? [])]).toEqual([])
  })

  it('open --admin gives a link for an admin of the spec, and for nobody else', async () => {
    const said = await person.type('open --admin')
    expect(said.stdout).toBe('http://127.0.0.1:8000/hub/once?token=link-of-ana\n')
    expect(said.stderr).toContain('It lets ana in once')
    expect((await person.type('open --admin --as ben')).stderr).toContain('ben is not an admin in the settings file')
  })

  it('auth check --login shows what was said of somebody, as it is safe to show, and what would come of it', async () => {
    const claims = {sub: '7', preferred_username: 'zoe\u001b[31m\u202e', groups: ['staff']}
    const counts = {domains: [], groups: ['staff'], organizations: []}
    const result = {claims, counts, name: 'zoe', getsIn: false, admin: false, why: "zoe is not on this hub's list."}
    hub.state.trial = {state: 'done', result}
    const said = await person.type('auth check --login')
    process.exitCode = 0
    expect(said.stderr).toContain('\nhttp://127.0.0.1:8000/hub/trial?token=key\n')
    expect(said.stdout).toMatch(/Uni said:\nCLAIM +VALUE\nsub +7\npreferred_username +zoe\ngroups +\["staff"\]\n/)
    expect(said.stdout).toContain("Rules go by: groups staff\nGets in: no. zoe is not on this hub's list.")
    const asJson = await person.type('auth check --login --json')
    expect(asJson.stderr).toContain('\nhttp://127.0.0.1:8000/hub/trial?token=key\n')
    expect(JSON.parse(asJson.stdout)).toMatchObject({login: {name: 'zoe', getsIn: false}})
    hub.state.trial = {state: 'gone'}
    expect((await person.type('auth check --login')).stderr).toContain('the link expired, or the hub restarted')
    process.exitCode = 0
    await person.writeSpec(base)
    expect((await person.type('auth check --login')).stderr).toContain('The method password has nothing to try')
  })

  it('plan names who came by a rule to nobody as a stranger', async () => {
    hub.state.users.set('eva', {admin: false, server: undefined})
    hub.state.users.set('zoe', {admin: false, server: undefined})
    hub.state.signIn.given['eva'] = {admin: false, groups: []}
    const said = await person.json('plan')
    expect(said).toMatchObject({unlisted: [{name: 'zoe'}]})
  })
})
