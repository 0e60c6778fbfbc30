import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {realHost} from '../../src/host/real-host.js'
import {doctor} from '../../src/hub/doctor.js'
import {down} from '../../src/hub/down.js'
import {plan} from '../../src/hub/plan.js'
import {status} from '../../src/hub/status.js'
import {stop} from '../../src/hub/stop.js'
import {up} from '../../src/hub/up.js'
import {fakeContext} from '../fakes/fake-context.js'
import {fakeMachine, type FakeMachine} from '../fakes/fake-machine.js'

let fake: FakeMachine
let port: number
beforeEach(async () => {
  port = await realHost().processes.freePort()
  fake = fakeMachine(port)
})
afterEach(() => fake.close())

const context = () => fakeContext(fake)
const bringUp = () =>
  up(context(), {dryRun: false, keepOnFailure: false, machine: 'process', port, admin: 'admin', mode: 'vm'})
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

  it('is not used by a program that may have read it', async () => {
    await bringUp()
    const before = fake.changes.length
    await fake.files.write(fileNamed('settings.json'), '{}', {mode: 0o600})
    await bringUp()
    expect(fake.changes.slice(before)).toEqual(expect.arrayContaining(['stop hub', 'start hub']))
    expect(fake.changes.slice(before)).not.toContain('stop proxy')
  })
})
