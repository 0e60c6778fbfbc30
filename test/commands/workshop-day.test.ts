import {readFile} from 'node:fs/promises'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'
import type {FakeHub} from '../fakes/fake-hub.js'
import {newPerson, type Person} from './person.js'

const logins = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']

let person: Person
let hub: FakeHub
beforeEach(async () => {
  person = await newPerson()
  const people = logins.map((login) => `  ${login}: {groups: [class]}\n`).join('')
  await person.writeSpec(
    `version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\nusers:\n  ana: {admin: true}\n${people}groups: {class: {}, none: {}}\n`,
  )
  hub = await person.startHub()
  for (const login of ['ana', ...logins]) {
    hub.state.users.set(login, {admin: login === 'ana', server: undefined})
    hub.state.passwords.set(login, `the first one of ${login}`)
  }
})
afterEach(() => person.leave())

const running = () => [...hub.state.users].filter(([, {server}]) => server !== undefined).map(([name]) => name)
const start = (...names: string[]) => {
  for (const name of names) {
    const user = hub.state.users.get(name)
    if (user !== undefined) user.server = 'running'
  }
}

describe('the servers of a class', () => {
  it('start by its group, and say how far they are', async () => {
    const said = await person.type('server start --group class')
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stdout).toBe(`Running: ${logins.join(', ')}\n`)
    expect(said.stderr).toContain('6 of 7 servers')
    expect(running()).toEqual(logins)
  })

  it('all start, but for those that cannot', async () => {
    hub.state.failingSpawns.set('p2', 'no room')
    const said = await person.type('server start --group class')
    expect(said.stderr).toContain('1 of 7 failed')
    expect(running()).toEqual(logins.filter((login) => login !== 'p2'))
  })

  it('stop all at the end of the day, after a yes', async () => {
    start('ana', 'p1', 'p3')
    const unasked = await person.type('server stop --all')
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('This stops the servers of ana, p1, p3')
    expect(running()).toEqual(['ana', 'p1', 'p3'])
    expect((await person.type('server stop --group class --yes')).stdout).toBe('Stopped: p1, p3\n')
    expect(running()).toEqual(['ana'])
    expect((await person.type('server stop --all --yes')).stdout).toBe('Stopped: ana\n')
    expect((await person.type('server stop --all')).stdout).toBe('No server runs.\n')
  })

  it.each([
    ['server start', 'Nobody is named: give names or --group'],
    ['server stop', 'Nobody is named: give names, --group or --all'],
    ['server stop p1 --all', 'names and --all cannot be used together'],
    ['server start p1 --group class', 'names and --group cannot be used together'],
    ['server start --group none', 'Nobody is in the group none'],
    ['server stop --group clas', 'There is no group clas'],
    ['user password', 'Nobody is named'],
    ['user password p1 --group class', 'cannot be used together'],
  ])('%s is refused: %s', async (line, words) => {
    expect((await person.type(line)).stderr).toContain(words)
    expect(running()).toEqual([])
    expect(hub.state.passwords.get('p1')).toBe('the first one of p1')
  })
})

describe('new passwords for a class', () => {
  it('are made after a yes, kept for the cards, and end what ran', async () => {
    start('p1', 'ana')
    const unasked = await person.type('user password --group class')
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('also where they chose their own')
    expect(hub.state.passwords.get('p1')).toBe('the first one of p1')
    const said = await person.type('user password --group class --yes')
    expect(said.stdout).toMatch(/^7 people have new passwords\. The old ones no longer work\.\nServers stopped: p1\n/)
    for (const login of logins) expect(said.stdout).toContain(hub.state.passwords.get(login))
    expect(hub.state.passwords.get('ana')).toBe('the first one of ana')
    expect(running()).toEqual(['ana'])
    const kept = JSON.parse(await readFile(`${person.directory}/state/jhub/passwords.json`, 'utf8')) as object
    expect(Object.entries(kept)).toEqual(logins.map((login) => [login, hub.state.passwords.get(login)]))
    start('p1')
    const left = await person.type('user password --group class --keep-server --yes')
    expect(left.stdout).toContain('Still running, with the pages that are open: p1')
    expect(running()).toEqual(['ana', 'p1'])
  })
})

describe('new passwords on a hub that an older jhub brought up', () => {
  it.each(['user password p1', 'user password --group class --yes'])(
    '%s: it cannot say whether they hold, and that is told',
    async (line) => {
      hub.state.cannotCheckPasswords = true
      const said = await person.type(line)
      expect(said.exitCode, said.stderr).toBe(0)
      expect(said.stderr).toContain('cannot say whether the new passwords are valid')
      expect(said.stderr).toContain('jhub upgrade')
      expect(said.stdout).toContain(hub.state.passwords.get('p1'))
    },
  )

  it('cards are not printed by a guess', async () => {
    hub.state.cannotCheckPasswords = true
    const said = await person.type(`cards --output ${person.directory}/out --address http://192.0.2.7:8000`)
    expect(said).toMatchObject({exitCode: 3, stdout: ''})
    expect(said.stderr).toContain('cannot say which passwords are valid')
  })
})

describe('a settings file for a workshop', () => {
  it.each(['vm', 'k8s'])('is right as it stands, for %s', async (mode) => {
    const file = `${person.directory}/day.yaml`
    const said = await person.type(`init --workshop --mode ${mode} --machine docker --file ${file}`)
    expect(said.exitCode, said.stderr).toBe(0)
    const spec = parseHubSpec(await readFile(file, 'utf8'))
    expect(spec).toMatchObject({mode, access: {lan: true}, workshop: {title: 'Our workshop'}})
    expect([...spec.groups.keys()]).toEqual(['class'])
  })
})
