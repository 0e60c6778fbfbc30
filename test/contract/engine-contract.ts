import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {Engine} from '../../src/engines/engine.js'
import {JhubError, messageOf} from '../../src/errors.js'
import {authSet} from '../../src/hub/auth/auth-set.js'
import {down} from '../../src/hub/down.js'
import {limitsSet} from '../../src/hub/limits/limits-change.js'
import {plan} from '../../src/hub/plan.js'
import {up, type UpOptions} from '../../src/hub/up.js'
import type {HubContext} from '../../src/hub/session/hub-context.js'
import {userAdd} from '../../src/hub/user/user-add.js'
import {userRemove} from '../../src/hub/user/user-remove.js'
import type {World} from './world.js'
import {quietPort} from '../fakes/quiet-port.js'

const upOptions = (port: number, mode: World['mode']): UpOptions => ({
  machine: 'process',
  port,
  admin: 'admin',
  mode,
})

/**
 * What every engine owes to people, whatever it runs on. `makeWorld` gives a new world with this public port. Every change is
 * failed, and jhub killed before it; with `every`, each n-th one, for a world whose steps another has too.
 */
export function engineContract(title: string, makeWorld: (port: number) => World, {every = 1} = {}): void {
  describe(title, () => {
    let port: number
    let world: World
    beforeEach(async () => {
      port = await quietPort()
      world = makeWorld(port)
    })
    afterEach(async () => {
      await world.close()
    })

    /** Paths and texts, but for what is random or counts up. */
    const snapshot = () =>
      world.snapshot?.() ??
      [...world.files.entries].map(([path, {kind, text, mode}]) => [path, kind, mode, text] as const)
    const leftovers = (of: World) =>
      of.leftovers?.() ?? [...of.files.entries.keys()].filter((path) => path.startsWith('/state/'))
    const homes = () => world.homeFiles ?? world.files
    const context = () => world.context()
    const options = () => upOptions(port, world.mode)
    const bringUp = () => up(context(), options())

    it('comes up from nothing with an admin who has a password', async () => {
      const result = await bringUp()
      expect(Object.keys(result.passwords)).toEqual(['admin'])
      expect(world.hubState?.passwords.get('admin')).toBe(result.passwords['admin'])
      expect(world.hubState?.users.get('admin')?.admin).toBe(true)
    })

    it('changes nothing when it is brought up again', async () => {
      await bringUp()
      const [before, running] = [snapshot(), world.running()]
      const changesBefore = world.changes.length
      const again = await bringUp()
      expect(again.changes).toEqual([])
      expect(snapshot()).toEqual(before)
      expect(world.running()).toEqual(running)
      // The lock's own directory is all that a run without changes may touch.
      expect(world.changes.slice(changesBefore).filter((change) => change !== 'make /state')).toEqual([])
      expect((await plan(context())).changes).toEqual([])
    })

    it('is looked at again whole: what keeps a hub from running is told, though nothing is to be done', async () => {
      await bringUp()
      const before = snapshot()
      const told: string[] = []
      const seeing = (changed: (engine: Engine) => Partial<Engine>): HubContext => {
        const known = context()
        return {
          ...known,
          onEvent(event) {
            if ('text' in event) told.push(event.text)
          },
          async chooseEngine(...asked) {
            const choice = await known.chooseEngine(...asked)
            return {...choice, engine: {...choice.engine, ...changed(choice.engine)}}
          },
        }
      }
      const finding = (state: 'warning' | 'problem') => ({
        preflight: async () => [{check: 'disk', state, found: 'full'}],
      })
      await expect(
        up(
          seeing(() => finding('problem')),
          options(),
        ),
      ).rejects.toMatchObject({code: 'JHUB-E200'})
      expect(
        (
          await up(
            seeing(() => finding('warning')),
            options(),
          )
        ).changes,
      ).toEqual([])
      expect(told).toContain('disk: full')

      let isFirst = true
      const silentOnce = ({platform}: Engine): Partial<Engine> => ({
        platform: {
          ...platform,
          async notes(spec) {
            if (!isFirst) return platform.notes(spec)
            isFirst = false
            throw new Error('no answer')
          },
        },
      })
      expect((await up(seeing(silentOnce), options())).changes).toEqual([])
      expect(isFirst).toBe(false)
      expect(snapshot()).toEqual(before)
    })

    it('writes nothing in a dry run', async () => {
      const dry = await up(context(), {...options(), dryRun: true})
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
      await homes().write(world.homeFile('ana', 'diary.txt'), 'dear diary')
      await down(context(), {deleteData: false, dryRun: false})
      expect(world.running()).toEqual([])
      expect(leftovers(world)).toEqual([])
      const again = await bringUp()
      expect(await homes().read(world.homeFile('ana', 'diary.txt'))).toBe('dear diary')
      expect(again.passwords).toEqual({})
      expect(world.hubState?.passwords.has('ana')).toBe(true)
      await down(context(), {deleteData: true, dryRun: false})
      expect(leftovers(world)).toEqual([])
      expect(world.dataLeft?.() ?? [...world.files.entries.keys()].filter((path) => path.startsWith('/data/'))).toEqual(
        [],
      )
      await bringUp()
      expect((await down(context(), {deleteData: true, dryRun: false})).deleted.join()).not.toContain('0 homes')
    })

    it('says before down whom it disturbs, and that files are deleted only where they are', async () => {
      await bringUp()
      await userAdd(context(), {names: ['ana'], admin: false, groups: [], passwords: new Map(), dryRun: false})
      await homes().write(world.homeFile('ana', 'diary.txt'), 'dear diary')
      const [leaving, deleting] = [
        await down(context(), {deleteData: false, dryRun: true}),
        await down(context(), {deleteData: true, dryRun: true}),
      ].map(({changes}) => changes.map(({disturbs}) => disturbs))
      expect(leaving).toContain('all servers end (files stay)')
      expect(leaving).not.toContain("people's files are deleted")
      expect(deleting).toContain("people's files are deleted")
      expect([leaving, deleting].flat()).not.toContain('machine or cluster is recreated')
    })

    it('leaves the world as it was when any change fails, and says the first error', async () => {
      const counted = makeWorld(port)
      const {url} = await up(counted.context(), options())
      await counted.close()
      for (let n = 0; n < counted.changes.length; n += every) {
        const fresh = makeWorld(port)
        fresh.failAt = n
        const failure = await up(fresh.context(), options()).catch((error: unknown) => error)
        expect(failure, `change ${String(n)}`).toBeInstanceOf(JhubError)
        expect(`${messageOf(failure)}\n${messageOf((failure as JhubError).cause)}`).toContain('planned failure')
        expect(fresh.running(), `change ${String(n)}`).toEqual([])
        if (fresh.leftovers !== undefined) expect(fresh.leftovers(), `change ${String(n)}`).toEqual([])
        const left = [...fresh.files.entries].filter(
          ([path, {kind}]) => kind === 'file' && !path.startsWith('/config/') && !/\.sqlite$|\/database\//.test(path),
        )
        expect(
          left.map(([path]) => path),
          `change ${String(n)}`,
        ).toEqual([])
        const result = await up(fresh.context(), options())
        expect(result.url).toBe(url)
        await fresh.close()
      }
    })

    it('converges when it was killed before any change, without losing a person or a home', async () => {
      const counted = makeWorld(port)
      await up(counted.context(), options())
      await counted.close()
      for (let n = 0; n < counted.changes.length; n += every) {
        const fresh = makeWorld(port)
        fresh.killAt = n
        await expect(up(fresh.context(), options()), `change ${String(n)}`).rejects.toThrow()
        expect(fresh.isKilled(), `change ${String(n)}`).toBe(true)
        fresh.revive()
        await up(fresh.context(), options())
        expect((await plan(fresh.context())).changes, `change ${String(n)}`).toEqual([])
        expect(fresh.hubState?.passwords.has('admin'), `change ${String(n)}`).toBe(true)
        await down(fresh.context(), {deleteData: true, dryRun: false})
        expect(leftovers(fresh), `change ${String(n)}`).toEqual([])
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
        await up(fresh.context(), options())
        fresh.killAt = n
        await expect(down(fresh.context(), {deleteData: false, dryRun: false})).rejects.toThrow()
        expect(fresh.isKilled(), `change ${String(n)}`).toBe(true)
        fresh.revive()
        await down(fresh.context(), {deleteData: false, dryRun: false})
        expect(leftovers(fresh), `change ${String(n)}`).toEqual([])
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

    it('names people who were made on the pages of the hub; user add keeps them, user remove removes them', async () => {
      await bringUp()
      const people = world.hubState?.users
      for (const name of ['zoe', 'yan', '..']) people?.set(name, {admin: false, server: undefined})
      const {changes, unlisted} = await plan(context())
      expect(changes).toEqual([])
      expect(unlisted).toEqual(['zoe', 'yan', '..'].map((name) => ({name, hasPassword: false})))
      await userAdd(context(), {names: ['zoe'], admin: false, groups: [], passwords: new Map(), dryRun: false})
      expect(world.hubState?.passwords.has('zoe')).toBe(true)
      await userRemove(context(), {names: ['yan', '..'], deleteData: false, dryRun: false})
      expect([...(people?.keys() ?? [])]).toEqual(['admin', 'zoe'])
      expect((await plan(context())).unlisted).toEqual([])
    })

    it('deletes homes with those who are removed, and also when only the home is left', async () => {
      await bringUp()
      const add = (name: string) =>
        userAdd(context(), {names: [name], admin: false, groups: [], passwords: new Map(), dryRun: false})
      if (world.mode !== 'k8s') {
        await add('ana')
        await homes().write(world.homeFile('ana', 'diary.txt'), 'dear diary')
        await userRemove(context(), {names: ['ana'], deleteData: false, dryRun: false})
        expect(await homes().read(world.homeFile('ana', 'diary.txt'))).toBe('dear diary')
        const {homes: state} = await userRemove(context(), {names: ['ana'], deleteData: true, dryRun: false})
        expect(state).toBe('deleted')
        expect(await homes().read(world.homeFile('ana', 'diary.txt'))).toBeUndefined()
      }
      const failure = await userRemove(context(), {names: ['nobody'], deleteData: true, dryRun: false}).catch(
        (error: unknown) => error,
      )
      expect((failure as JhubError).code).toBe('JHUB-E302')
    })

    it.each([
      'nonsense',
      {default: '1G'},
      {version: 1, default: {}, groups: [], users: null},
      {version: 1, default: {mem_limit: 'x'}, groups: {}, users: {}, total: {}},
      {version: 1, default: {strange: 1}, groups: {}, users: {}, total: {servers: 0}},
    ])('puts damaged limits right, and they stop nothing: %j', async (policy) => {
      await bringUp()
      const group = world.hubState?.groups.get('jhub-policy')
      const good = group?.properties
      if (group !== undefined) group.properties = {policy}
      expect((await plan(context())).changes.map(({step}) => step)).toEqual(['Set limits'])
      await bringUp()
      expect(world.hubState?.groups.get('jhub-policy')?.properties).toEqual(good)
      expect((await plan(context())).changes).toEqual([])

      if (group !== undefined) group.properties = {policy}
      await limitsSet(context(), {scope: {kind: 'default'}, values: {memory: '2G'}, dryRun: false})
      expect(world.hubState?.groups.get('jhub-policy')?.properties['policy']).toMatchObject({
        default: {mem_limit: 2 * 1024 ** 3},
      })
      expect((await plan(context())).changes).toEqual([])
    })

    it('starts the old hub again when a new configuration does not come up', async () => {
      await bringUp()
      const old = world.hubFingerprint()
      const source = (await world.files.read('/config/fake.yaml')) ?? ''
      await world.files.write('/config/fake.yaml', source.replace('after: 1h', 'after: 2h'))
      world.brokenHubStarts = 1
      const failure = await bringUp().catch((error: unknown) => error)
      expect((failure as JhubError).code).toBe('JHUB-E206')
      expect((failure as JhubError).message).toContain('runs again with its previous configuration')
      expect(world.hubFingerprint()).toBe(old)
    })

    it('says of another way to sign in all that changes, also where the file was edited and never applied', async () => {
      await bringUp()
      const file = '/config/fake.yaml'
      const source = (await world.files.read(file)) ?? ''
      const auth = {method: 'google', clientId: 'x'} as const
      await world.files.write(file, `${source}\nauth: {method: google, clientId: x}\n`)
      const askSecret = () => Promise.resolve(undefined)
      const told = await authSet(context(), {auth, askSecret, dryRun: true})
      expect(told.endsLogins).toBe(true)
      expect(told.names.map(({name}) => name)).toContain('admin')
    })

    it('takes the secret of a way to sign in back when the hub does not come up with it', async () => {
      await bringUp()
      world.brokenHubStarts = 1
      const auth = {method: 'shared-password'} as const
      const failure = await authSet(context(), {
        auth,
        secret: 'of-the-room',
        askSecret: () => Promise.resolve(undefined),
        dryRun: false,
      }).catch((error: unknown) => error)
      expect((failure as JhubError).code).toBe('JHUB-E206')
      expect((await plan(context())).changes).toEqual([])
      expect((await bringUp()).changes).toEqual([])
    })
  })
}
