import {mkdir, readdir, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {FakeHub} from '../fakes/fake-hub.js'
import {newPerson, type Person} from './person.js'

let person: Person
let hub: FakeHub

beforeEach(async () => {
  person = await newPerson()
  await person.writeSpec('version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\nusers:\n  ana: {admin: true}\n')
  hub = await person.startHub()
  hub.state.users.set('ana', {admin: true, server: undefined})
  hub.state.passwords.set('ana', 'as it was before')
})
afterEach(() => person.leave())

describe('with a running hub', () => {
  it('user add takes effect at once and shows passwords once', async () => {
    const said = await person.type('user add ben Cleo@uni.example ana')
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toMatch(
      /^Added 2 people\.\nThey log in at http:\/\/127\.0\.0\.1:8000, on this computer only\.\nAlready there: ana\nHomes: cleo@uni\.example in cleo-uni-examp--\w{16}\n\nUSER +PASSWORD\n/,
    )
    const password = hub.state.passwords.get('ben') ?? ''
    expect(said.stdout).toContain(password)
    expect(said.stderr).not.toContain(password)
    expect(await person.readSpec()).not.toContain(password)
    expect(hub.state.passwords.get('ana')).toBe('as it was before')
    expect((await person.type('user add boss --admin')).stdout).toContain(
      'Save it now. If it is lost: jhub user password boss',
    )
    const again = await person.json('user add ben')
    expect(again).toMatchObject({outcome: 'applied', users: [{name: 'ben', account: 'ben', state: 'already there'}]})
  })

  it('user add reads names and passwords from files', async () => {
    const file = `${person.directory}/passwords`
    await writeFile(file, 'ben:correct horse battery\ncleo:another long one\n')
    expect((await person.type(`user add ben cleo --password-file ${file}`)).exitCode).toBe(0)
    expect(hub.state.passwords.get('cleo')).toBe('another long one')
    await writeFile(file, 'dan:x\n')
    expect((await person.type(`user add ben cleo --password-file ${file}`)).stderr).toContain(
      'dan is not among the people of this command',
    )
    await writeFile(file, 'short\n')
    expect(await person.type(`user add eva --password-file ${file}`)).toMatchObject({exitCode: 2})
    expect(hub.state.users.has('eva')).toBe(false)
  })

  it('a password reset stops a server that runs, or says that it runs on', async () => {
    const user = hub.state.users.get('ana')
    const start = () => {
      if (user !== undefined) user.server = 'running'
    }
    start()
    const before = hub.state.passwords.get('ana')
    const unasked = await person.type('user password ana')
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('--keep-server')
    expect(hub.state.passwords.get('ana')).toBe(before)
    expect((await person.type('user password ana --keep-server')).stdout).toContain('Their server is still running')
    expect(user?.server).toBe('running')
    expect((await person.type('user password ana --yes')).stdout).toContain('their server was stopped')
    expect(user?.server).toBeUndefined()
    expect((await person.type('user password ana')).stdout).toContain('ana is logged out everywhere')
  })

  it('what comes from a hub moves nothing on the terminal', async () => {
    hub.state.users.set('\u001b[2Jzoe', {admin: false, server: undefined})
    hub.state.groups.set('\u009b31m', {members: new Set(['ana']), properties: {}})
    for (const line of ['user list', 'plan', 'group list', 'user show ana', 'user list --json']) {
      const said = await person.type(line)

      expect(said.stdout + said.stderr, line).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }
    hub.state.failingSpawns.set('ana', '\u001b]0;owned\u0007 no room')
    const said = await person.type('server start ana')
    expect(said.stderr).toContain('no room')

    expect(said.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  })

  it('dry runs of every change leave the hub and the spec alone', async () => {
    const before = [await person.readSpec(), JSON.stringify([...hub.state.users])]
    for (const line of [
      'user add zoe',
      'user remove ana',
      'user set ana --no-admin',
      'group add ta',
      'limits set --memory 3G',
    ]) {
      const said = await person.type(`${line} --dry-run`)
      expect(said.exitCode, line).toBe(0)
      expect(said.stdout, line).toMatch(/^~ /)
    }
    expect([await person.readSpec(), JSON.stringify([...hub.state.users])]).toEqual(before)
    expect(hub.requests.filter((request) => !request.startsWith('GET'))).toEqual([])
  })

  it('upgrade says what is there and what there would be, and wants a yes', async () => {
    expect(await person.type('upgrade')).toMatchObject({exitCode: 3, stdout: ''})
    expect((await person.type('upgrade')).stderr).toMatch(/There is no hub jhub yet[\s\S]*Try: {3}jhub up\n/)

    const [state, text] = [`${person.directory}/state/jhub`, (value: unknown) => JSON.stringify(value)]
    for (const [file, content] of [
      [
        'run/configuration.json',
        text({directory: `${state}/etc/f`, hubFingerprint: 'f', hubPython: `${state}/env/hub-o/bin/python`}),
      ],
      ['etc/f/settings.json', text({userEnvironment: `${state}/env/user-o`})],
      ['env/hub-o/lib/python3.12/site-packages/jupyterhub-5.4.4.dist-info/METADATA', ''],
      ['env/user-o/lib/python3.12/site-packages/jupyterlab-4.5.1.dist-info/METADATA', ''],
    ] as const) {
      await mkdir(path.dirname(`${state}/${file}`), {recursive: true})
      await writeFile(`${state}/${file}`, content)
    }
    const before = await readdir(state, {recursive: true})
    expect(await person.json('upgrade --dry-run')).toMatchObject({
      hub: 'jhub',
      outcome: 'planned',
      backup: null,
      programs: expect.arrayContaining([
        {name: 'JupyterHub', before: '5.4.4', after: expect.stringMatching(/^\d/) as string},
        {name: 'JupyterLab', before: '4.5.1', after: expect.stringMatching(/^4\./) as string},
      ]) as unknown,
    })
    expect((await person.type('upgrade --dry-run')).stdout).toMatch(
      /^Upgrade jhub: JupyterHub 5\.4\.4 → \d[\d.]+, JupyterLab 4\.5\.1 → .*\. The hub restarts; servers keep running\.\n~ /,
    )
    const refused = await person.type('upgrade')
    expect(refused).toMatchObject({exitCode: 2, stdout: ''})
    expect(refused.stderr).toMatch(/JupyterHub 5\.4\.4 → \d[\d.]+[\s\S]*Try: {3}Run the same command with --yes\n/)
    expect(await readdir(state, {recursive: true})).toEqual(before)
  })

  it('attach brings a lost spec back from what is kept with the hub, and says what it found', async () => {
    expect((await person.type('attach')).stderr).toContain('Error: Say where the hub is')
    expect(await person.type('attach --machine docker --cluster kind')).toMatchObject({exitCode: 2})
    const spec = await person.readSpec()
    const file = `${person.directory}/config/jhub.yaml`
    const none = await person.type('attach --machine process')
    expect(none).toMatchObject({exitCode: 4, stdout: ''})
    expect(none.stderr).toMatch(/^Error: There is no hub there\n[\s\S]*Code: {2}JHUB-E304/)

    await writeFile(`${person.directory}/state/jhub/applied.yaml`, `${spec}# as it was applied\n`)
    const other = await person.type('attach --machine process')
    expect(other).toMatchObject({exitCode: 5, stdout: ''})
    expect(other.stderr).toContain(`${file} already exists, and it differs from the hub's settings`)
    await rm(file)
    expect((await person.type('attach --machine process')).stdout).toBe(
      `jhub is managed from here now: http://127.0.0.1:8000\nOnly this computer can open it.\nWhere: mode vm, process machine, running; people: 1\nFile:  ${file}\nNext:  jhub plan --name jhub\n       jhub status --name jhub\n`,
    )
    expect(await person.readSpec()).toBe(`${spec}# as it was applied\n`)
    expect(await person.json('attach --machine process')).toEqual({
      hub: 'jhub',
      spec: file,
      engine: 'mode vm, process machine',
      url: 'http://127.0.0.1:8000',
      addresses: {here: 'http://127.0.0.1:8000', others: [], isOpen: false},
      state: 'running',
      users: 1,
    })
    expect((await person.json('user list')) as object).toMatchObject({users: [{name: 'ana'}]})

    const unknown = await person.type('attach --machine process --name physics')
    expect(unknown.stderr).toMatch(
      /^Error: There is no hub physics there; there are: jhub\nTry: {3}Run the same command with --name jhub\n/,
    )
  })

  it('top shows what runs, once where nobody looks at a terminal', async () => {
    hub.state.seen['ana'] = {failedLogins: 2}
    expect((await person.type('top')).stdout).toMatch(
      /^jhub has no running server\.\nUSER +TROUBLE\nana +2 failed logins, never logged in\n$/,
    )
    await person.type('server start ana')
    const said = await person.json('top --sort trouble')
    expect(said).toMatchObject({
      hub: 'jhub',
      servers: [
        {user: 'ana', startedAt: '2026-11-24T10:00:00Z', trouble: [{kind: 'failed logins'}, {kind: 'never logged in'}]},
      ],
      others: [],
    })
    hub.state.seen['ana'] = {lastLogin: '2026-11-24T10:00:00Z'}
    expect((await person.type('top --once')).stdout).toMatch(
      /^USER +MEMORY +LIMIT +CORES +LIMIT +PROCESSES +HOME +SINCE +TROUBLE\nana .* -\n/,
    )
    expect(await person.type('top --group nobody')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('There is no group nobody') as string,
    })
  })

  it('top and user list have people in the same order', async () => {
    await person.type('user add bo1 bo_1')
    await person.type('server start ana bo1 bo_1')
    const {servers} = (await person.json('top --sort user')) as {servers: readonly {user: string}[]}
    const {users} = (await person.json('user list')) as {users: readonly {name: string}[]}
    expect(users.map(({name}) => name)).toContain('bo_1')
    expect(servers.map(({user}) => user)).toEqual(users.map(({name}) => name))
  })

  it('user set, password, show and remove', async () => {
    await person.type('group add ta')
    expect((await person.type('user set ana --no-admin --group ta')).stdout).toBe('ana is not an admin; groups: ta.\n')
    expect(hub.state.users.get('ana')?.admin).toBe(false)
    const reset = (await person.json('user password ana')) as {password: string}
    expect(hub.state.passwords.get('ana')).toBe(reset.password)
    expect((await person.type('user show ana')).stdout).toContain('Groups:    ta')
    expect((await person.type('user remove ana')).stdout).toBe(
      'Removed ana. They can no longer log in, and no server, password or token of theirs is left. Their files were kept.\n',
    )
    expect(hub.state.users.size).toBe(0)
    expect(await person.type('user password ana')).toMatchObject({exitCode: 4})
  })

  it('limits reach the hub and are told in words', async () => {
    const said = await person.type('limits set --memory 2G --cpu 500m')
    expect(said.stdout).toBe(
      'Done: default memory 2G (new), default cpu 0.5 (new).\nIt takes effect when a server next starts.\n',
    )
    expect(hub.state.groups.get('jhub-policy')?.properties).toMatchObject({
      policy: {default: {mem_limit: 2 * 1024 ** 3, cpu_limit: 0.5}},
    })
    expect((await person.type('limits set --memory 2G')).stdout).toBe('Nothing to change.\n')
    expect((await person.type('limits unset')).stdout).toContain('(removed)')
    const large = await person.type('limits set --user ana --memory 900T --cpu 9000')
    expect(large).toMatchObject({exitCode: 0, stdout: expect.stringContaining('Done: user ana') as string})
    expect(large.stderr).toMatch(/Warning: limit of ana: 900T memory, but the machine has only .*, so it has no effect/)
    expect(large.stderr).toMatch(/Warning: limit of ana: 9000 cores, but the machine has only \d+, so it has no effect/)
  })

  it('servers start, are listed, fail with a reason and stop', async () => {
    await person.type('user add ben')
    hub.state.failingSpawns.set('ben', 'no room')
    expect((await person.type('server start ana')).stdout).toBe('Running: ana\n')
    expect((await person.type('server list')).stdout).toContain('ana    running')
    expect(await person.type('server start ben')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('could not be started: Spawn failed: no room') as string,
    })
    const many = await person.type('server start ana ben')
    expect(many).toMatchObject({exitCode: 7})
    expect(many.stderr).toContain('1 of 2 failed')
    expect((await person.type('server stop ana')).stdout).toBe('Stopped: ana\n')
    expect((await person.type('server stop ana')).stdout).toBe('No server was running: ana\n')
    expect((await person.type('server list')).stdout).toBe('No server runs.\n')
    await person.type('group add quiet')
    for (const line of ['group add quiet', 'group add quiet --dry-run', 'limits unset memory'])
      expect((await person.type(line)).stdout).toBe('Nothing to change.\n')
    expect((await person.type('limits set --total --servers 3')).stdout).toBe('Done: total servers 3 (new).\n')
  })

  it('status and user list tell what is seen', async () => {
    hub.state.users.set('stranger', {admin: false, server: 'running'})
    expect((await person.type('status')).stdout).toContain('Servers:  1 running')
    expect((await person.type('user list')).stdout).toMatch(
      /stranger +stranger +- +- +running +- +not in the settings file/,
    )
    expect(Object.keys((await person.json('status')) as object)).toMatchInlineSnapshot(`
      [
        "hub",
        "spec",
        "engine",
        "state",
        "expected",
        "jupyterhub",
        "users",
        "servers",
        "url",
        "oldCards",
        "addresses",
        "services",
        "disk",
        "memory",
        "cpu",
        "homes",
      ]
    `)
  })

  it('open --qr is for other people: it shows an address that leads somewhere for them, or says how to get one', async () => {
    const closed = await person.type('open --qr')
    expect(closed).toMatchObject({exitCode: 3, stdout: ''})
    expect(closed.stderr).toMatch(/^Error: Only this computer can open the hub.*\nTry: {3}jhub up --lan/)
    await person.writeSpec((await person.readSpec()) + 'access: {lan: true, address: 192.0.2.7, port: 8001}\n')
    const said = await person.type('open --qr')
    expect(said.stdout).toMatch(/^[█▀▄ \n]+\nhttp:\/\/192\.0\.2\.7:8001\n$/)
    expect(await person.json('open --qr')).toMatchObject({url: 'http://192.0.2.7:8001'})
    expect((await person.type('status')).stdout).toContain('Address:  http://192.0.2.7:8001\n')
    expect((await person.type('user add ben')).stdout).toContain('They log in at http://192.0.2.7:8001\n')
  })

  it('open --content says when nobody else can open the link', async () => {
    const none = await person.type('open --content')
    expect(none.stderr).toContain('names no course repository')
    const text = `${await person.readSpec()}content: {git: "https://git.example/course", open: lesson.ipynb}\n`
    await person.writeSpec(text)
    const closed = await person.type('open --content')
    expect(closed.stdout).toMatch(/^http:\/\/\S+\/hub\/user-redirect\/git-pull\?repo=\S+\n$/)
    expect(closed.stderr).toBe('Only this computer can open it.\n')
    await person.writeSpec(`${text}access: {lan: true, address: 192.0.2.7, port: 8001}\n`)
    const said = await person.type('open --content')
    expect(said).toMatchObject({exitCode: 0, stderr: ''})
    expect(said.stdout).toContain('http://192.0.2.7:8001/hub/user-redirect/git-pull?')
  })

  it('a hub that goes away while it is looked at is not answering', async () => {
    hub.state.restartsAfter = 0
    expect(await person.type('status')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('jhub, not answering') as string,
    })
  })

  it('a hub that went away is told as such', async () => {
    await hub.close()
    expect(await person.type('user add zoe')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('does not answer') as string,
    })
    expect(await person.readSpec()).not.toContain('zoe')
    expect((await person.type('status')).stdout).toContain('jhub, not answering')
  })
})
