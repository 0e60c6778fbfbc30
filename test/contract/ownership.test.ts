import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {attach} from '../../src/hub/attach.js'
import {configEdit} from '../../src/hub/config/config-edit.js'
import {down} from '../../src/hub/down.js'
import {groupAdd} from '../../src/hub/group/group-add.js'
import {limitsSet} from '../../src/hub/limits/limits-change.js'
import {plan} from '../../src/hub/plan.js'
import {serverStart, serverStop} from '../../src/hub/server/server-change.js'
import type {HubContext, HubEvent} from '../../src/hub/session/hub-context.js'
import {status} from '../../src/hub/status.js'
import {stop} from '../../src/hub/stop.js'
import {up} from '../../src/hub/up.js'
import {upgrade} from '../../src/hub/upgrade.js'
import {userAdd} from '../../src/hub/user/user-add.js'
import {userPassword} from '../../src/hub/user/user-password.js'
import {userRemove} from '../../src/hub/user/user-remove.js'
import type {HubPlace} from '../../src/hub-spec/edit/edit-place.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {dockerWorld, hostWorld} from '../fakes/systemd-worlds.js'
import {kubernetesWorld} from './kubernetes-world.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'

interface Case {
  readonly title: string
  readonly make: (port: number) => World
  readonly place: HubPlace
  /** The hub has no disk of its own: what is lost here is lost. */
  readonly shares?: true
}

const cases: readonly Case[] = [
  {title: 'processes', make: vmWorld(fakeMachine), place: {machine: 'process'}, shares: true},
  {title: 'a container', make: vmWorld(dockerWorld), place: {machine: 'docker'}},
  {title: 'a host', make: vmWorld(hostWorld), place: {machine: 'host'}},
  {title: 'a cluster', make: kubernetesWorld, place: {cluster: 'kind'}},
]
const [own, other] = ['/config/fake.yaml', '/work/h.yaml']

cases.forEach(({title, make, place, shares}, index) => {
  describe(`whose hub it is, ${title}`, () => {
    const port = 18_761 + index
    const upOptions = {port} as const
    let world: World
    const events: HubEvent[] = []
    const by = (file: string): HubContext => {
      const context = world.context()
      return {...context, asked: {...context.asked, file}, onEvent: (event) => events.push(event)}
    }
    const add = (file: string, name: string) =>
      userAdd(by(file), {names: [name], admin: false, groups: [], passwords: new Map(), dryRun: false})
    const people = () => [...(world.hubState?.users.keys() ?? [])].toSorted()
    const failureOf = async (action: Promise<unknown>) => (await action.catch((error: unknown) => error)) as JhubError
    const move = async (from: string, to: string) => {
      await world.files.write(to, (await world.files.read(from)) ?? '')
      world.files.entries.delete(from)
    }
    const strange = () =>
      `version: 1\nname: fake\nmode: ${world.mode}\naccess: {port: ${String(port)}}\nusers:\n  eve: {admin: true}\n`

    beforeEach(async () => {
      events.length = 0
      world = make(port)
      await up(world.context(), {
        ...upOptions,
        ...('machine' in place ? {machine: place.machine} : {}),
        admin: 'admin',
        mode: world.mode,
      })
      await add(own, 'ana')
    })
    afterEach(() => world.close())

    it('another file of that name changes nothing, by any verb, and is told what to type', async () => {
      await world.files.write(other, strange())
      const [context, running] = [by(other), world.running()]
      const [count, dryRun] = [world.changes.length, false]
      const verbs: readonly (readonly [string, () => Promise<unknown>])[] = [
        ['up', () => up(context, upOptions)],
        ['up --dry-run', () => up(context, {...upOptions, dryRun: true})],
        ['plan', () => plan(context)],
        ['user add', () => add(other, 'zoe')],
        [
          'user add --dry-run',
          () => userAdd(context, {names: ['zoe'], admin: false, groups: [], passwords: new Map(), dryRun: true}),
        ],
        ['user remove', () => userRemove(context, {names: ['eve'], deleteData: true, dryRun})],
        ['user password', () => userPassword(context, 'ana', undefined)],
        ['group add', () => groupAdd(context, {names: ['ta'], dryRun})],
        ['limits set', () => limitsSet(context, {scope: {kind: 'default'}, values: {memory: '2G'}, dryRun})],
        ['server start', () => serverStart(context, ['ana'])],
        ['server stop', () => serverStop(context, ['ana'])],
        ['upgrade', () => upgrade(context, {dryRun, confirm: () => Promise.resolve()})],
        ['stop', () => stop(context, {dryRun})],
        ['down', () => down(context, {deleteData: true, dryRun})],
        ['down --dry-run', () => down(context, {deleteData: false, dryRun: true})],
      ]
      for (const [verb, type] of verbs) {
        const failure = await failureOf(type())
        expect(failure, verb).toMatchObject({code: 'JHUB-E404', exitCode: 5})
        expect(failure.message, verb).toBe(`The hub fake belongs to ${own}, not to ${other}. The hub was not changed`)
        expect(failure.suggestions.join('\n'), verb).toMatch(/jhub plan --file \/config\/fake.yaml.*\n.*--take-over/)
      }
      expect(world.changes.slice(count).filter((change) => change !== 'make /state')).toEqual([])
      await configEdit(context, {
        edit: async (draft) => world.files.write(draft, `${strange()}groups: {ta: {}}\n`),
        again: () => Promise.resolve(false),
      })
      expect(events).toContainEqual({
        type: 'warning',
        text: `The hub fake belongs to ${own}: \`jhub up\` with this file does not change it.`,
      })
      expect(world.running()).toEqual(running)
      await add(own, 'ben')
      expect(people()).toEqual(['admin', 'ana', 'ben'])
    })

    it('a take-over says so first, removes nobody, and ends the rights of the file before', async () => {
      await world.files.write(other, strange())
      const planned = await up(by(other), {...upOptions, takeOver: true, dryRun: true})
      expect(planned.changes.map(({summary}) => summary)).toContain(`the hub fake belongs to ${other}`)
      expect(planned.changes.map(({summary}) => summary).join()).not.toMatch(/\bremove\b/)
      await up(by(other), {...upOptions, takeOver: true})
      expect(people()).toEqual(['admin', 'ana', 'eve'])
      expect(events).toContainEqual({
        type: 'warning',
        text: expect.stringContaining('On the hub but not in /work/h.yaml: admin, ana.') as unknown,
      })
      await add(other, 'zoe')
      expect((await plan(by(other))).changes).toEqual([])
      expect(await failureOf(add(own, 'ben'))).toMatchObject({code: 'JHUB-E404'})
      expect(people()).toEqual(['admin', 'ana', 'eve', 'zoe'])
    })

    it('a file that was moved goes on; one that was moved and changed is asked about', async () => {
      const moved = '/work/class/jhub.yaml'
      await move(own, moved)
      await add(moved, 'ben')
      expect((await plan(by(moved))).changes).toEqual([])
      await move(moved, other)
      await world.files.write(other, ((await world.files.read(other)) ?? '').replace(/ {2}ana: \{\}\n/, ''))
      expect(await failureOf(add(other, 'zoe'))).toMatchObject({code: 'JHUB-E404'})
      expect(people()).toEqual(['admin', 'ana', 'ben'])
    })

    it('a small verb removes nobody whom it does not name; the next up does', async () => {
      const source = (await world.files.read(own)) ?? ''
      await world.files.write(own, source.replace(/ {2}ana: \{\}\n/, ''))
      await add(own, 'ben')
      await add(own, 'cleo')
      expect(people()).toEqual(['admin', 'ana', 'ben', 'cleo'])
      expect(events).toContainEqual({
        type: 'warning',
        text: `No longer in ${own}, but still on the hub: ana. This command leaves them alone; \`jhub up\` removes them.`,
      })
      expect((await plan(by(own))).changes.map(({summary}) => summary).join()).toContain('remove ana')
      await up(by(own), upOptions)
      expect(people()).toEqual(['admin', 'ben', 'cleo'])
    })

    it('a hub that is gone belongs to nobody', async () => {
      await down(by(own), {deleteData: true, dryRun: false})
      await world.files.write(other, strange())
      await up(by(other), upOptions)
      expect(people()).toContain('eve')
      expect(await failureOf(plan(by(own)))).toMatchObject({code: 'JHUB-E404'})
    })

    it('a hub from before this was recorded goes on with its usual file, and with no other', async () => {
      for (const files of [world.files, world.homeFiles ?? world.files])
        for (const path of [...files.entries.keys()]) if (path.endsWith('/owner.json')) files.entries.delete(path)
      await world.files.write(other, strange())
      if (shares !== undefined) expect(await failureOf(add(other, 'zoe'))).toMatchObject({code: 'JHUB-E404'})
      await add(own, 'ben')
      expect(await failureOf(add(other, 'zoe'))).toMatchObject({code: 'JHUB-E404'})
      expect(people()).toEqual(['admin', 'ana', 'ben'])
    })

    it('down, stop, status and the rest work on by what was applied when the file has mistakes or is gone', async () => {
      for (const text of ['users: {ana: {admim: true}}\n', '{{{', undefined]) {
        if (text === undefined) world.files.entries.delete(own)
        else await world.files.write(own, text)
        events.length = 0
        expect(await status(by(own))).toMatchObject({hub: 'fake', state: 'running'})
        expect(events).toContainEqual({
          type: 'warning',
          text: expect.stringContaining('uses the settings that were last applied to fake') as unknown,
        })
        expect((await down(by(own), {deleteData: false, dryRun: true})).changes.length).toBeGreaterThan(0)
        expect(await failureOf(status(by(other)))).toMatchObject({code: 'JHUB-E301'})
        expect(await failureOf(plan(by(own)))).toMatchObject({code: text === undefined ? 'JHUB-E301' : 'JHUB-E101'})
      }
      await stop(by(own), {dryRun: false})
      await down(by(own), {deleteData: false, dryRun: false})
      expect(world.running()).toEqual([])
    })

    it.skipIf(shares)('on another computer it is fetched, and the first one is told', async () => {
      const first = new Map(world.files.entries)
      for (const path of first.keys())
        if (path.startsWith('/config/') || path.startsWith('/state/')) world.files.entries.delete(path)
      const desktop = (file: string): HubContext => {
        const context = by(file)
        return {...context, host: {...context.host, system: {...context.host.system, hostName: 'desktop'}}}
      }
      await world.files.write(own, strange())
      const running = world.running()
      const failure = await failureOf(up(desktop(own), upOptions))
      expect([people(), world.running()]).toEqual([['admin', 'ana'], running])
      expect(failure).toMatchObject({code: 'JHUB-E404'})
      expect(failure.message).toContain(`belongs to ${own} on laptop`)
      expect(failure.suggestions[0]).toContain('jhub attach')
      world.files.entries.delete(own)
      await attach(desktop(own), place)
      expect((await plan(desktop(own))).changes.map(({step}) => step)).not.toContain('Add and remove people')
      world.files.entries.clear()
      for (const [path, entry] of first) world.files.entries.set(path, entry)
      expect(await failureOf(plan(by(own)))).toMatchObject({code: 'JHUB-E404'})
    })
  })
})
