import {rm, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {FakeHub} from '../fakes/fake-hub.js'
import {newPerson, type Person} from './person.js'

const spec = 'version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\nusers:\n  ana: {admin: true}\n'
let person: Person
let hub: FakeHub
let own: string
let other: string

beforeEach(async () => {
  person = await newPerson()
  own = path.join(person.directory, 'config', 'jhub.yaml')
  other = path.join(person.directory, 'h.yaml')
  await person.writeSpec(spec)
  hub = await person.startHub()
  hub.state.users.set('ana', {admin: true, server: undefined})
  hub.state.passwords.set('ana', 'as it was before')
  await person.type('user add ben')
  hub.requests.length = 0
})
afterEach(() => person.leave())
const changes = () => hub.requests.filter((request) => !request.startsWith('GET'))

describe('a settings file that a hub does not belong to', () => {
  beforeEach(() => person.type(`init --file ${other}`))

  it('removes nobody: user add, its dry run and plan say which file the hub belongs to', async () => {
    for (const line of ['user add zoe --dry-run', 'user add zoe', 'plan', 'down --yes', 'stop', 'up']) {
      const said = await person.type(`${line} --file ${other}`)
      expect(said, line).toMatchObject({exitCode: 5, stdout: ''})
      expect(said.stderr, line).toBe(
        [
          `Error: The hub jhub belongs to ${own}, not to ${other}. The hub was not changed`,
          `Try:   jhub plan --file ${own}   # work with the file that it belongs to`,
          `Try:   jhub up --take-over --file ${other}   # from now on the hub belongs to ${other}; nobody is removed`,
          'Code:  JHUB-E404   (jhub help errors)',
          '',
        ].join('\n'),
      )
    }
    expect(changes()).toEqual([])
    expect([...hub.state.users.keys()]).toEqual(['ana', 'ben'])
  })

  it('is told in JSON too', async () => {
    expect(await person.json(`user add zoe --dry-run --file ${other}`)).toMatchObject({
      error: {code: 'JHUB-E404', exitCode: 5, details: {hub: 'jhub', file: other, owner: {file: own}}},
    })
  })
})

describe('the settings file of a hub', () => {
  it('is the same by another way to it', async () => {
    const link = path.join(person.directory, 'link')
    await symlink(path.join(person.directory, 'config'), link)
    expect(await person.type(`user add cleo --file ${path.join(link, 'jhub.yaml')}`)).toMatchObject({exitCode: 0})
  })

  it('is asked for nothing by a small verb but what it names', async () => {
    await person.writeSpec(spec)
    const said = await person.type('user add zoe')
    expect(said.stderr).toContain(
      `No longer in ${own}, but still on the hub: ben. This command leaves them alone; \`jhub up\` removes them.`,
    )
    expect([...hub.state.users.keys()]).toEqual(['ana', 'ben', 'zoe'])
    expect((await person.type('plan')).stdout).toContain('remove ben')
  })

  it('that has a mistake or is gone keeps nobody from looking at the hub', async () => {
    await person.writeSpec(`${spec}acess: {}\n`)
    const said = await person.type('status')
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toContain('jhub, running')
    expect(said.stderr).toMatch(/problem.*\. This command uses the settings that were last applied to jhub\./)
    expect((await person.type('logs')).exitCode).toBe(0)
    expect(await person.json('down --dry-run')).toMatchObject({hub: 'jhub'})
    expect(await person.type('stop --dry-run')).toMatchObject({exitCode: 0})
    expect(await person.type('user add zoe')).toMatchObject({exitCode: 2})
    await rm(own)
    expect((await person.type('status')).stderr).toContain('There is no settings file at')
    expect(await person.type(`status --file ${other}`)).toMatchObject({exitCode: 4})
  })
})

describe('servers that run', () => {
  beforeEach(() => person.type('server start ana'))

  it.each(['down', 'stop'])('are named by %s, which wants a yes', async (verb) => {
    const said = await person.type(verb)
    expect(said).toMatchObject({exitCode: 2, stdout: ''})
    expect(said.stderr).toContain(
      `Error: 1 server is running on jhub: ana. \`${verb}\` ends them: unsaved work is lost.\nTry:   Run the same command with --yes\n`,
    )
    expect(hub.state.users.get('ana')?.server).toBe('running')
    expect(await person.type(`${verb} --dry-run`)).toMatchObject({exitCode: 0})
  })
})

describe('user add for somebody who is there', () => {
  it('changes nothing of them, and says how to', async () => {
    await person.type('group add ta')
    const file = path.join(person.directory, 'passwords')
    await writeFile(file, 'ben:correct horse battery\n')
    const before = hub.state.passwords.get('ben')
    const said = await person.type(`user add ben --admin --group ta --password-file ${file}`)
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toBe(
      'Already there: ben\nThey were not changed.\nNext:  jhub user set ben --admin --group ta · jhub user password ben --password-file FILE\n',
    )
    expect(hub.state.users.get('ben')?.admin).toBe(false)
    expect(hub.state.passwords.get('ben')).toBe(before)
    expect(await person.json('user add ben --admin')).toMatchObject({
      users: [{name: 'ben', state: 'already there', notDone: ['jhub user set ben --admin']}],
    })
    expect((await person.type('user add ben')).stdout).toBe('Already there: ben\n')
  })
})
