import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {down} from '../../src/hub/down.js'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import {assets, type EngineWorld} from '../fakes/engine-world.js'
import {fakeContext} from '../fakes/fake-context.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {dockerWorld, hostWorld} from '../fakes/systemd-worlds.js'

const lock = `${assets}/requirements/hub.txt`

for (const [title, make, port] of [
  ['servers as processes', fakeMachine, 18_721],
  ['systemd in a container', dockerWorld, 18_722],
  ['systemd on a host', hostWorld, 18_723],
] as const) {
  describe(`other programs for a hub, ${title}`, () => {
    let world: EngineWorld
    const options = {machine: 'process', port, admin: 'admin', mode: 'vm'} as const
    const bringUp = (of = world) => up(fakeContext(of), options)
    const ship = (version: string, of = world) => of.files.write(lock, `jupyterhub==${version}`)
    const texts = (of: EngineWorld, name: RegExp) =>
      [...of.homeFiles.entries].flatMap(([path, {text, mode}]) => (name.test(path) ? [{text, mode}] : []))
    const accounts = (of = world) => texts(of, /\/database\/jupyterhub\.sqlite$/).map(({text}) => text)
    const copies = (of = world) => texts(of, /\/backups\/[^/]+Z\/jupyterhub\.sqlite$/).map(({text}) => text)
    /** All that the running hub was started from is there. */
    const isWhole = (of: EngineWorld) => {
      const directory = texts(of, /\/run\/configuration\.json$/).map(
        ({text}) => JSON.parse(text) as {directory: string; hubPython: string},
      )[0]
      return (
        directory !== undefined &&
        of.homeFiles.entries.has(directory.directory) &&
        of.homeFiles.entries.has(directory.hubPython)
      )
    }

    beforeEach(async () => {
      world = make(port)
      await bringUp()
    })
    afterEach(() => world.close())

    it('start after a copy of the accounts, of which the newest five are kept', async () => {
      expect(copies()).toEqual([])
      for (let n = 0; n < 7; n++) {
        await ship(`6.${String(n)}`)
        expect((await plan(fakeContext(world))).changes.map(({summary}) => summary)).toContain(
          'restart JupyterHub with its new configuration, with other versions, after a copy of its database',
        )
        await bringUp()
        expect((await bringUp()).changes).toEqual([])
      }
      expect(copies()).toHaveLength(5)
      expect(new Set(texts(world, /\/backups\/[^/]+$/).map(({mode}) => mode))).toEqual(new Set([0o700]))
    })

    it('are told with the copy also for a hub of an older jhub, whose ports are chosen anew', async () => {
      await ship('6.0')
      for (const place of [...world.homeFiles.entries.keys()].filter((each) => each.endsWith('/ports.json')))
        await world.homeFiles.rename(place, place.replace('/ports.json', '/inner-ports.json'))
      expect((await plan(fakeContext(world))).changes.map(({summary}) => summary)).toContain(
        'restart JupyterHub with its new configuration, with other versions, after a copy of its database',
      )
    })

    it('say where the copy is', async () => {
      await ship('6.0')
      const events: {readonly type: string; readonly text?: string}[] = []
      await up(fakeContext(world, events as never), options)
      const said = events.map(({text}) => text).filter((text) => text?.startsWith('Before its software changed'))
      expect(said).toEqual([
        expect.stringMatching(/^Before its software changed, the hub's accounts were copied to \S+\/backups\/\S+Z\.$/),
      ])
    })

    it('give place to the ones before when they do not come up, with the accounts as they were', async () => {
      const before = world.services().get('hub')
      await ship('6.0')
      world.brokenHubStarts = 1
      const failure: unknown = await bringUp().catch((error: unknown) => error)
      expect((failure as JhubError).code).toBe('JHUB-E206')
      expect(String(failure)).toContain('runs again with its previous configuration, and with its database as it was')
      expect(accounts()).toEqual(['accounts'])
      expect(copies()).toEqual(['accounts'])
      expect(texts(world, /\/replaced\.sqlite$/)[0]?.text).toMatch(/^accounts in the schema of hub-/)
      expect(world.services().get('hub')).toBe(before)
      expect(isWhole(world)).toBe(true)
    })

    it('are told from those that made the accounts, even after down', async () => {
      await down(fakeContext(world), {deleteData: false, dryRun: false})
      await ship('6.0')
      await bringUp()
      expect(copies()).toEqual(['accounts'])
      expect(accounts()[0]).toMatch(/^accounts in the schema of hub-/)
    })

    it('leave a hub that runs, and can be started again, when any change fails', async () => {
      for await (const {fresh, n} of upgrades()) {
        fresh.failAt = n
        await expect(bringUp(fresh), `change ${String(n)}`).rejects.toThrow()
        expect([...fresh.services().keys()].toSorted(), `change ${String(n)}`).toEqual(['hub', 'proxy'])
        expect(isWhole(fresh), `change ${String(n)}`).toBe(true)
        expect(copies(fresh).filter((text) => text !== 'accounts')).toEqual([])
        await bringUp(fresh)
        expect((await plan(fakeContext(fresh))).changes, `change ${String(n)}`).toEqual([])
      }
    })

    it('never take a half-changed database for the good one, wherever jhub was killed', async () => {
      for await (const {fresh, n} of upgrades()) {
        fresh.killAt = n
        await expect(bringUp(fresh), `change ${String(n)}`).rejects.toThrow()
        fresh.revive()
        await bringUp(fresh)
        expect(
          copies(fresh).filter((text) => text !== 'accounts'),
          `change ${String(n)}`,
        ).toEqual([])
        expect(copies(fresh).length, `change ${String(n)}`).toBeGreaterThan(0)
        expect(accounts(fresh)[0], `change ${String(n)}`).toMatch(/^accounts in the schema of hub-/)
        expect((await plan(fakeContext(fresh))).changes, `change ${String(n)}`).toEqual([])
      }
    })

    it('keep what people did after the new hub had come up, though jhub was killed before it noted that', async () => {
      let seen = 0
      for await (const {fresh, n} of upgrades()) {
        fresh.killAt = n
        await bringUp(fresh).catch(() => undefined)
        fresh.revive()
        if (accounts(fresh)[0] !== 'accounts' && fresh.services().has('hub')) {
          seen++
          for (const [path, entry] of fresh.homeFiles.entries)
            if (path.endsWith('/database/jupyterhub.sqlite'))
              fresh.homeFiles.entries.set(path, {...entry, text: `${entry.text}, and a new one`})
          await bringUp(fresh)
          expect(accounts(fresh)[0], `change ${String(n)}`).toMatch(/, and a new one$/)
          expect((await plan(fakeContext(fresh))).changes, `change ${String(n)}`).toEqual([])
        }
      }
      expect(seen).toBeGreaterThan(2)
    })

    /** For each change that bringing 6.0 makes, a hub that runs as before and is about to be brought it. */
    async function* upgrades() {
      const count = await countChanges()
      for (let n = 0; n < count; n++) {
        const fresh = make(port)
        await bringUp(fresh)
        await ship('6.0', fresh)
        try {
          yield {fresh, n}
        } finally {
          await fresh.close()
        }
      }
    }

    async function countChanges(): Promise<number> {
      // One world at a time: they share a port.
      await world.close()
      const counted = make(port)
      await bringUp(counted)
      await ship('6.0', counted)
      const before = counted.changes.length
      await bringUp(counted)
      await counted.close()
      return counted.changes.length - before
    }
  })
}
