import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {JhubError} from '../../src/errors.js'
import {doctor} from '../../src/hub/doctor/doctor.js'
import {down} from '../../src/hub/down.js'
import {plan} from '../../src/hub/plan.js'
import {status} from '../../src/hub/status.js'
import {stop} from '../../src/hub/stop.js'
import {up} from '../../src/hub/up.js'
import {fakeContext} from '../fakes/fake-context.js'
import {fakeMachine, type FakeMachine} from '../fakes/fake-machine.js'
import {quietPort} from '../fakes/quiet-port.js'

let fake: FakeMachine
let port: number
beforeEach(async () => {
  port = await quietPort()
  fake = fakeMachine(port)
})
afterEach(() => fake.close())

const context = () => fakeContext(fake)
const bringUp = (database?: 'restore' | 'new') =>
  up(context(), {
    machine: 'process',
    port,
    admin: 'admin',
    mode: 'vm',
    ...(database === undefined ? {} : {database}),
  })
const problems = async () => {
  const {findings} = await doctor(context())
  return findings.filter(({state}) => state === 'problem').map(({found}) => found)
}
const planned = async () => (await plan(context())).changes.map(({summary}) => summary).join('; ')
const fileNamed = (name: string) => [...fake.files.entries.keys()].find((file) => file.endsWith(`/${name}`)) ?? ''

describe('a hub that does not run', () => {
  it('is told apart by why: not brought up, stopped by jhub, or dead', async () => {
    await bringUp()
    expect((await status(context())).expected).toBe('running')
    expect(await problems()).toEqual([])
    await stop(context(), {dryRun: false})
    expect(await status(context())).toMatchObject({expected: 'stopped', state: 'stopped'})
    expect(await problems()).toEqual([])
    await bringUp()
    await fake.machine.supervisor.stop('hub')
    expect(await status(context())).toMatchObject({expected: 'running', state: 'stopped'})
    expect((await problems()).join()).toContain('nobody stopped it')
    await bringUp()
    expect(await problems()).toEqual([])
    await down(context(), {deleteData: false, dryRun: false})
    expect((await status(context())).expected).toBe('absent')
    expect([...fake.files.entries.keys()].filter((file) => file.startsWith('/state/fake'))).toEqual([])
  })
})

describe('what of a hub was damaged', () => {
  it.each([
    ['settings.json', 'emptied', '', 'repair'],
    ['jupyterhub_config.py', 'changed', 'raise SystemExit(1)', 'repair'],
    ['start-proxy.cjs', 'changed', '//', 'repair'],
    ['jhub_authenticator.py', 'lost', undefined, 'repair'],
    ['secrets.json', 'damaged', '{', 'secrets'],
  ])('is repaired by one up: %s %s', async (name, _how, text, words) => {
    await bringUp()
    const [before, entry] = [fileNamed(name), fake.files.entries.get(fileNamed(name))]
    const services = fake.services()
    if (text === undefined) await fake.files.remove(before)
    else await fake.files.write(before, text, {mode: 0o600})
    expect(await planned()).toContain(words)
    expect((await problems()).join()).toContain(words)
    expect(fake.services()).toEqual(services)
    await bringUp()
    if (words === 'repair') expect(fake.files.entries.get(before)?.text).toBe(entry?.text)
    expect(await planned()).toBe('')
    expect(await problems()).toEqual([])
    expect(fake.hubState?.passwords.has('admin')).toBe(true)
  })

  it('says once what is to be done', async () => {
    await bringUp()
    await fake.files.remove(fileNamed('jupyterhub_config.py').replace(/[^/]+$/, '.jhub-whole'))
    const {findings} = await doctor(context())
    expect(findings.filter(({state}) => state === 'problem')).toMatchObject([
      {check: "Write the hub's configuration", found: 'not done yet'},
    ])
  })

  it('leaves servers the port by which they reach the hub', async () => {
    await bringUp()
    const ports = fileNamed('ports.json')
    const before = JSON.parse((await fake.files.read(ports)) ?? '') as {hub: number}
    const services = fake.services()
    for (const damage of [() => fake.files.remove(ports), () => fake.files.write(ports, '{', {mode: 0o600})]) {
      await damage()
      expect(await planned()).toContain('ports.json again, with the port of the running hub')
      expect((await problems()).join()).toContain('ports.json again')
      await bringUp()
      expect(JSON.parse((await fake.files.read(ports)) ?? '')).toMatchObject({hub: before.hub})
      expect(fake.services()).toEqual(services)
      expect(await planned()).toBe('')
    }
    await fake.files.remove(ports)
    await fake.files.remove(fileNamed('configuration.json'))
    expect(await planned()).toContain('jhub server restart --all')
    expect((await problems()).join()).toContain('jhub server restart --all')
  })

  it('is not used by a program that may have read it', async () => {
    await bringUp()
    const before = fake.changes.length
    await fake.files.write(fileNamed('settings.json'), '{}', {mode: 0o600})
    await bringUp()
    expect(fake.changes.slice(before)).toEqual(expect.arrayContaining(['stop hub', 'start hub']))
    expect(fake.changes.slice(before)).not.toContain('stop proxy')
  })
})

describe("a hub's database", () => {
  const file = '/data/fake/database/jupyterhub.sqlite'
  const damage = async (text: string | undefined) => {
    await bringUp()
    if (text === undefined) await fake.files.remove(file)
    else await fake.files.write(file, text, {mode: 0o600})
  }

  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['is damaged', 'garbage'],
  ])('that %s is named, is no reason for new passwords, and its copy is put back', async (words, text) => {
    await damage(text)
    expect(await planned()).toContain(`the hub's database ${words}`)
    expect((await problems()).join()).toContain(`the hub's database ${words}`)
    const refused = await bringUp().catch((error: unknown) => error)
    expect(refused).toMatchObject({code: 'JHUB-E203', message: expect.stringContaining(words) as string})
    expect((refused as JhubError).suggestions.join()).toMatch(
      /jhub up --database restore +# puts back \/data\/fake\/backups\//,
    )
    expect(await fake.files.read(file)).toBe(text)
    expect((await bringUp('restore')).passwords).toEqual({})
    expect(await fake.files.read(file)).toMatch(/^accounts/)
    if (text !== undefined)
      expect(
        [...fake.files.entries].filter(([path]) => path.startsWith(`${file}.before-`)).map(([, entry]) => entry.text),
      ).toEqual([text])
    expect(await planned()).toBe('')
    expect(await problems()).toEqual([])
  })

  it('that is empty is named also while a hub runs that knows nobody any more', async () => {
    await damage('')
    if (fake.hubState !== undefined) fake.hubState.hasForgotten = true
    for (const said of [await planned(), (await problems()).join()]) {
      expect(said).toContain("the hub's database is empty")
      expect(said).toContain('The hub answered 403')
    }
    await expect(bringUp()).rejects.toMatchObject({code: 'JHUB-E203'})
  })

  it('is begun anew only when that is said, also after the hub was taken away', async () => {
    await damage(undefined)
    await down(context(), {deleteData: false, dryRun: false})
    await expect(bringUp()).rejects.toMatchObject({code: 'JHUB-E203'})
    await bringUp('new')
    expect(await planned()).toBe('')
  })

  it('of a hub that had nobody yet is no trouble', async () => {
    fake.failAt = 40
    await bringUp().catch(() => undefined)
    await fake.files.remove(file)
    await bringUp()
    expect(await planned()).toBe('')
  })

  it('that a login has changed since its copy differs in nothing from the settings', async () => {
    await damage('accounts, and one more login')
    expect(await planned()).toBe('')
  })
})
