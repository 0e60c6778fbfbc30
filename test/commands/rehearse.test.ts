import {existsSync} from 'node:fs'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {FakeHub} from '../fakes/fake-hub.js'
import {newPerson, type Person} from './person.js'

let person: Person
let hub: FakeHub
beforeEach(async () => {
  person = await newPerson()
  hub = await person.startHub()
  await person.writeSpec(
    `version: 1\nname: jhub\nmode: vm\nvm: {machine: process}\naccess: {port: ${new URL(hub.url).port}}\nusers:\n  ana: {admin: true}\n`,
  )
  hub.state.users.set('ana', {admin: true, server: undefined})
})
afterEach(() => person.leave())

const madeUp = (count: number) => Array.from({length: count}, (_, index) => `jhub-rehearsal-${String(index + 1)}`)
const requireNothingLeft = () => {
  expect([...hub.state.users.keys()]).toEqual(['ana'])
  expect([...hub.state.groups.keys()]).toEqual([])
  expect([...hub.state.passwords.keys()]).toEqual([])
  expect(existsSync(`${person.directory}/state/jhub/rehearsal.json`)).toBe(false)
}
/** As a killed rehearsal leaves them. */
const leave = (count: number) => {
  for (const name of madeUp(count)) {
    hub.state.users.set(name, {admin: false, server: 'running'})
    hub.state.passwords.set(name, 'one of twelve signs')
  }
  hub.state.groups.set('jhub-rehearsal', {members: new Set(madeUp(count)), properties: {}})
}
const notebook = async (...sources: string[]) => {
  const cells = sources.map((source) => ({cell_type: 'code', source}))
  const file = `${person.directory}/lesson.ipynb`
  await writeFile(file, JSON.stringify({cells, metadata: {}, nbformat: 4}))
  return file
}

describe('a rehearsal', () => {
  it('has people log in, start a server and run the notebook, and leaves nothing', async () => {
    const said = await person.type(`rehearse --people 4 --over 4ms --notebook ${await notebook('1', '2')}`)
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stdout).toContain('All 4 people ran the notebook (lesson.ipynb).')
    expect(said.stdout).toMatch(/login +\d.*4\nserver +\d.*4\nfirst cell +\d.*4\nwhole notebook +\d.*4\n/)
    expect(said.stdout).toContain('Nothing was left on the hub.')
    expect(hub.requests.filter((request) => request.startsWith('POST /hub/login'))).toHaveLength(4)
    requireNothingLeft()
  })

  it('says the same as JSON', async () => {
    const result = await person.json('rehearse --people 2 --over 1ms')
    expect(result).toMatchObject({
      people: 2,
      finished: 2,
      signIn: 'measured',
      stages: {login: {count: 2}, notebook: {count: 2}},
      failures: [],
      isKept: false,
    })
    requireNothingLeft()
  })

  it('groups failures by their cause, and ends with 7', async () => {
    for (const name of madeUp(2)) hub.state.failingSpawns.set(name, 'no room')
    const said = await person.type('rehearse --people 3 --over 3ms')
    expect(said.exitCode).toBe(7)
    expect(said.stdout).toContain('1 of 3 people ran the notebook')
    expect(said.stdout).toContain(
      '- 2 at server: the server did not start: Spawn failed: no room (jhub-rehearsal-1, jhub-rehearsal-2)',
    )
    expect(said.stdout).toContain('seen: 1 of 3 people reached the end')
    requireNothingLeft()
  })

  it.each([
    ['raise', '- 2 at notebook: the notebook stopped: ValueError: too much'],
    ['die', '- 2 at notebook: the kernel died'],
  ])('tells of a cell %s', async (cell, words) => {
    const said = await person.type(`rehearse --people 2 --over 2ms --notebook ${await notebook('1', cell)}`)
    expect(said.exitCode).toBe(7)
    expect(said.stdout).toContain(words)
    requireNothingLeft()
  })

  it('comes by token where people sign in elsewhere, and says so', async () => {
    await person.writeSpec(`${await person.readSpec()}auth: {method: shared-password}\n`)
    const said = await person.type('rehearse --people 2 --over 1ms')
    expect(said.exitCode, said.stdout).toBe(0)
    expect(said.stdout).toContain('The login was not measured: people sign in elsewhere')
    expect(said.stdout).not.toMatch(/^login +[0-9]/m)
    expect(hub.requests.filter((request) => request.startsWith('POST /hub/login'))).toEqual([])
    requireNothingLeft()
  })

  it('asks where somebody works', async () => {
    const ana = hub.state.users.get('ana')
    if (ana !== undefined) ana.server = 'running'
    const unasked = await person.type('rehearse --people 2')
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('ana works on the hub now, and will notice 2 more people.\nTry:')
    expect(hub.state.users.size).toBe(1)
    expect((await person.type('rehearse --people 2 --over 2ms --yes')).exitCode).toBe(0)
    expect(ana?.server).toBe('running')
  })

  it('takes no room from people who work', async () => {
    await person.writeSpec(`${await person.readSpec()}limits: {total: {servers: 3}}\n`)
    const ana = hub.state.users.get('ana')
    if (ana !== undefined) ana.server = 'running'
    const said = await person.type('rehearse --people 3 --yes')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain(
      'ana works on the hub, and 3 more people do not fit: the settings file allows at most 3 at once',
    )
    expect(hub.state.users.size).toBe(1)
  })

  it('keeps its people for a look when told so', async () => {
    const said = await person.type('rehearse --people 2 --over 2ms --keep')
    expect(said.stdout).toContain('Remove them: jhub rehearse --clean')
    expect([...hub.state.users.keys()]).toEqual(['ana', ...madeUp(2)])
    expect((await person.type('rehearse --clean')).stdout).toContain('jhub-rehearsal-1, jhub-rehearsal-2')
    requireNothingLeft()
  })
})

describe('people who cannot be removed', () => {
  it('are tried once more', async () => {
    hub.state.failingDeletes.set('jhub-rehearsal-1', 1)
    const said = await person.type('rehearse --people 2 --over 2ms')
    expect(said.exitCode, said.stderr).toBe(0)
    expect(said.stdout).toContain('Nothing was left on the hub.')
    requireNothingLeft()
  })

  it('are told after the result', async () => {
    hub.state.failingDeletes.set('jhub-rehearsal-1', 2)
    const said = await person.type('rehearse --people 2 --over 2ms')
    expect(said.exitCode).toBe(7)
    expect(said.stdout).toMatch(
      /^Both people ran[^]*Not everything of the rehearsal could be removed: jhub-rehearsal-1: they are still on the hub\nNext: {2}jhub rehearse --clean\n$/,
    )
    expect(said.stdout).not.toContain('Nothing was left on the hub')
    expect((await person.type('rehearse --clean')).exitCode).toBe(0)
    requireNothingLeft()
  })

  it('are told in JSON beside the result', async () => {
    hub.state.failingDeletes.set('jhub-rehearsal-2', 2)
    expect(await person.json('rehearse --people 2 --over 2ms')).toMatchObject({
      finished: 2,
      notRemoved: 'Not everything of the rehearsal could be removed: jhub-rehearsal-2: they are still on the hub',
    })
  })
})

describe('what a killed rehearsal left', () => {
  beforeEach(async () => {
    leave(2)
    await mkdir(`${person.directory}/state/jhub`, {recursive: true})
    const record = {names: madeUp(3), pid: process.pid, startTime: 'of another process'}
    await writeFile(`${person.directory}/state/jhub/rehearsal.json`, JSON.stringify(record))
  })

  it('is told by the next command, plan, doctor and user list', async () => {
    expect((await person.type('limits show')).stderr).toContain(
      'Made-up people are left over from a rehearsal. Remove them: jhub rehearse --clean',
    )
    const plan = (await person.type('plan')).stdout
    expect(plan).toContain('Left over from a rehearsal: jhub-rehearsal-1, jhub-rehearsal-2, jhub-rehearsal-3.')
    expect(plan).not.toContain('not in the settings file')
    expect((await person.type('doctor')).stdout).toContain('try: jhub rehearse --clean')
    expect((await person.type('user list')).stdout).toMatch(/jhub-rehearsal-1 .*made up by jhub rehearse/)
  })

  it('keeps the next rehearsal from beginning, and is removed by --clean, homes too', async () => {
    const home = `${person.directory}/data/jhub/homes/jhub-rehearsal-3`
    await mkdir(home, {recursive: true})
    const refused = await person.type('rehearse --people 2')
    expect(refused.exitCode).toBe(5)
    expect(refused.stderr).toContain('jhub rehearse --clean')
    expect((await person.type('rehearse --clean')).exitCode).toBe(0)
    expect(existsSync(home)).toBe(false)
    requireNothingLeft()
    expect((await person.type('rehearse --clean')).stdout).toBe('Nothing to remove: no rehearsal left anything.\n')
  })

  it('is removed first with --yes', async () => {
    expect((await person.type('rehearse --people 1 --over 1ms --yes')).exitCode).toBe(0)
    requireNothingLeft()
  })
})

describe('somebody who has such a name and was not made up', () => {
  const home = () => `${person.directory}/data/jhub/homes/jhub-rehearsal-1`
  beforeEach(async () => {
    hub.state.users.set('jhub-rehearsal-1', {admin: false, server: undefined})
    await mkdir(home(), {recursive: true})
  })
  const requireUntouched = () => {
    expect([...hub.state.users.keys()]).toEqual(['ana', 'jhub-rehearsal-1'])
    expect(existsSync(home())).toBe(true)
    expect([...hub.state.groups.keys()]).toEqual([])
  }

  it('is not removed by --clean, and is in plan and user list as anybody else', async () => {
    expect((await person.type('rehearse --clean')).stdout).toBe('Nothing to remove: no rehearsal left anything.\n')
    requireUntouched()
    expect((await person.type('plan')).stdout).toContain('not in the settings file')
    expect((await person.type('user list')).stdout).not.toContain('made up')
  })

  it('is not used by a rehearsal, nor removed after it', async () => {
    const said = await person.type('rehearse --people 2 --over 2ms')
    expect(said.exitCode, said.stderr).toBe(0)
    expect(hub.requests.filter((request) => request.startsWith('PUT /user/jhub-rehearsal-1/'))).toEqual([])
    requireUntouched()
  })
})

describe('names of rehearsals', () => {
  it.each(['user add jhub-rehearsal-7', 'group add jhub-rehearsal'])('are for nobody else: %s', async (line) => {
    const before = await person.readSpec()
    expect((await person.type(line)).exitCode).toBe(2)
    expect(await person.readSpec()).toBe(before)
  })
})

describe('what a rehearsal is told', () => {
  it.each([
    ['rehearse', 'people'],
    ['rehearse --people 0', 'people'],
    ['rehearse --people 2 --over soon', 'is not a duration'],
    ['rehearse --people 2 --clean', 'people'],
    ['rehearse --people 2 --notebook nowhere.ipynb', 'There is no file nowhere.ipynb'],
  ])('is refused: %s', async (line, words) => {
    const said = await person.type(line)
    expect(said.exitCode).not.toBe(0)
    expect(said.stderr).toContain(words)
    expect(hub.state.users.size).toBe(1)
  })

  it('refuses a report that it could not write, before anybody is made up', async () => {
    const file = `${person.directory}/taken.html`
    await writeFile(file, 'mine')
    for (const [report, words] of [
      [file, `There is a file ${file} already`],
      [`${file}/report.html`, `The report cannot be written to ${file}/report.html`],
      [person.directory, `There is a directory ${person.directory} already`],
    ] as const) {
      const said = await person.type(`rehearse --people 2 --over 2ms --report ${report}`)
      expect(said.exitCode).toBe(2)
      expect(said.stderr).toContain(words)
      expect(said.stderr).toContain('Try:   jhub rehearse --people N --report OTHER')
    }
    expect(await readFile(file, 'utf8')).toBe('mine')
    expect(hub.requests.filter((request) => request.startsWith('POST'))).toEqual([])
  })

  it('writes its report where it was told', async () => {
    const file = `${person.directory}/report.html`
    const said = await person.type(`rehearse --people 2 --over 2ms --report ${file}`)
    expect(said.stdout).toContain(`Report:  ${file}`)
    expect(await readFile(file, 'utf8')).toContain('jhub')
  })
})
