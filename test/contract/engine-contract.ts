import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {down} from '../../src/hub/down.js'
import {plan} from '../../src/hub/plan.js'
import {up, type UpOptions} from '../../src/hub/up.js'
import {userAdd} from '../../src/hub/user-add.js'
import {userRemove} from '../../src/hub/user-remove.js'
import {fakeContext} from '../fakes/fake-context.js'
import type {EngineWorld} from '../fakes/engine-world.js'

const upOptions = (port: number): UpOptions => ({
  dryRun: false,
  keepOnFailure: false,
  machine: 'process',
  port,
  admin: 'admin',
})

/** What every engine owes to people, whatever it runs on. `makeWorld` gives a new machine with this public port. */
export function engineContract(title: string, makeWorld: (port: number) => EngineWorld, port: number): void {
  describe(title, () => {
    let world: EngineWorld
    beforeEach(() => {
      world = makeWorld(port)
    })
    afterEach(async () => {
      await world.close()
    })

    const context = () => fakeContext(world)
    const bringUp = () => up(context(), upOptions(port))

    it('comes up from nothing with an admin who has a password', async () => {
      const result = await bringUp()
      expect(Object.keys(result.passwords)).toEqual(['admin'])
      expect(world.hubState?.passwords.get('admin')).toBe(result.passwords['admin'])
      expect(world.hubState?.users.get('admin')?.admin).toBe(true)
    })

    it('changes nothing when it is brought up again', async () => {
      await bringUp()
      const [before, services] = [world.snapshot(), [...world.services()]]
      const changesBefore = world.changes.length
      const again = await bringUp()
      expect(again.changes).toEqual([])
      expect(world.snapshot()).toEqual(before)
      expect([...world.services()]).toEqual(services)
      // The lock's own directory is all that a run without changes may touch.
      expect(world.changes.slice(changesBefore).filter((change) => change !== 'make /state')).toEqual([])
      expect((await plan(context())).changes).toEqual([])
    })

    it('writes nothing in a dry run', async () => {
      const dry = await up(context(), {...upOptions(port), dryRun: true})
      expect(dry.changes.length).toBeGreaterThan(5)
      expect(world.changes).toEqual([])
      await bringUp()
      const count = world.changes.length
      await userAdd(context(), {names: ['ana'], admin: false, groups: [], passwords: new Map(), dryRun: true})
      await down(context(), {deleteData: false, dryRun: true})
      expect(world.changes.length).toBe(count)
    })

    it('leaves nothing after down but homes, accounts and the spec; data survives', async () => {
      await bringUp()
      await userAdd(context(), {names: ['ana'], admin: false, groups: [], passwords: new Map(), dryRun: false})
      await world.home('ana').write('diary.txt', 'dear diary')
      await down(context(), {deleteData: false, dryRun: false})
      expect([...world.services()]).toEqual([])
      expect(world.leftovers()).toEqual([])
      const again = await bringUp()
      expect(await world.home('ana').read('diary.txt')).toBe('dear diary')
      expect(again.passwords).toEqual({})
      expect(world.hubState?.passwords.has('ana')).toBe(true)
      await down(context(), {deleteData: true, dryRun: false})
      expect(world.leftovers()).toEqual([])
      expect(world.dataLeft()).toEqual([])
    })

    it('leaves the world as it was when any change fails, and says the first error', async () => {
      const counted = makeWorld(port)
      await up(fakeContext(counted), upOptions(port))
      await counted.close()
      for (let n = 0; n < counted.changes.length; n++) {
        const fresh = makeWorld(port)
        fresh.failAt = n
        const failure = await up(fakeContext(fresh), upOptions(port)).catch((error: unknown) => error)
        expect(failure, `change ${String(n)}`).toBeInstanceOf(JhubError)
        expect((failure as JhubError).message).toContain('planned failure')
        expect([...fresh.services()], `change ${String(n)}`).toEqual([])
        expect(fresh.leftovers(), `change ${String(n)}`).toEqual([])
        const result = await up(fakeContext(fresh), upOptions(port))
        expect(result.url).toContain(String(port))
        await fresh.close()
      }
    })

    it('converges when it was killed before any change, without losing a person or a home', async () => {
      const counted = makeWorld(port)
      await up(fakeContext(counted), upOptions(port))
      await counted.close()
      for (let n = 0; n < counted.changes.length; n++) {
        const fresh = makeWorld(port)
        fresh.killAt = n
        await expect(up(fakeContext(fresh), upOptions(port)), `change ${String(n)}`).rejects.toThrow()
        expect(fresh.isKilled(), `change ${String(n)}`).toBe(true)
        fresh.revive()
        await up(fakeContext(fresh), upOptions(port))
        expect((await plan(fakeContext(fresh))).changes, `change ${String(n)}`).toEqual([])
        expect(fresh.hubState?.passwords.has('admin'), `change ${String(n)}`).toBe(true)
        await fresh.close()
      }
    })

    it('converges when down was killed before any change', async () => {
      await bringUp()
      const start = world.changes.length
      await down(context(), {deleteData: false, dryRun: false})
      const count = world.changes.length - start
      for (let n = 0; n < count; n++) {
        const fresh = makeWorld(port)
        await up(fakeContext(fresh), upOptions(port))
        fresh.killAt = n
        await expect(down(fakeContext(fresh), {deleteData: false, dryRun: false})).rejects.toThrow()
        expect(fresh.isKilled(), `change ${String(n)}`).toBe(true)
        fresh.revive()
        await down(fakeContext(fresh), {deleteData: false, dryRun: false})
        expect(fresh.leftovers(), `change ${String(n)}`).toEqual([])
        await fresh.close()
      }
    })

    it('puts the old spec back when a small verb fails, and keeps everybody', async () => {
      await bringUp()
      const before = await world.files.read('/config/fake.yaml')
      const passwords = new Map([['ana', 'short']])
      const failure = await userAdd(context(), {
        names: ['ana'],
        admin: false,
        groups: [],
        passwords,
        dryRun: false,
      }).catch((error: unknown) => error)
      expect((failure as JhubError).code).toBe('JHUB-E105')
      expect(await world.files.read('/config/fake.yaml')).toBe(before)
      expect([...(world.hubState?.users.keys() ?? [])]).toEqual(['admin'])
      expect((await plan(context())).changes).toEqual([])
    })

    it('removes whom the spec no longer names and leaves strangers alone', async () => {
      await bringUp()
      await userAdd(context(), {names: ['ana', 'ben'], admin: false, groups: [], passwords: new Map(), dryRun: false})
      world.hubState?.users.set('stranger', {admin: false, server: undefined})
      const source = (await world.files.read('/config/fake.yaml')) ?? ''
      await world.files.write('/config/fake.yaml', source.replace(/ {2}ana: \{\}\n/, ''))
      await bringUp()
      expect([...(world.hubState?.users.keys() ?? [])]).toEqual(['admin', 'ben', 'stranger'])
      await userRemove(context(), {names: ['ben'], deleteData: false, dryRun: false})
      expect([...(world.hubState?.users.keys() ?? [])]).toEqual(['admin', 'stranger'])
      expect(world.hubState?.passwords.has('ben')).toBe(false)
    })

    it('starts the old hub again when a new configuration does not come up', async () => {
      await bringUp()
      const old = world.services().get('hub')
      const source = (await world.files.read('/config/fake.yaml')) ?? ''
      await world.files.write('/config/fake.yaml', source.replace('after: 1h', 'after: 2h'))
      world.brokenHubStarts = 1
      const failure = await bringUp().catch((error: unknown) => error)
      expect((failure as JhubError).code).toBe('JHUB-E206')
      expect((failure as JhubError).message).toContain('runs again with the configuration it had before')
      expect(world.services().get('hub')).toBe(old)
    })
  })
}
