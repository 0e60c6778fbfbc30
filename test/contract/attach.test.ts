import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {attach} from '../../src/hub/attach.js'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import {userAdd} from '../../src/hub/user/user-add.js'
import {userRemove} from '../../src/hub/user/user-remove.js'
import type {HubPlace} from '../../src/hub-spec/edit/edit-place.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {dockerWorld, hostWorld} from '../fakes/systemd-worlds.js'
import {kubernetesWorld} from './kubernetes-world.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'

interface Case {
  readonly title: string
  readonly port: number
  readonly make: (port: number) => World
  readonly place: HubPlace
  /** The disk of the hub is the person's own: only the spec can be lost alone. */
  readonly shares?: true
}

const cases: readonly Case[] = [
  {title: 'processes', port: 18_741, make: vmWorld(fakeMachine), place: {machine: 'process'}, shares: true},
  {title: 'a container', port: 18_742, make: vmWorld(dockerWorld), place: {machine: 'docker'}},
  {title: 'a host', port: 18_743, make: vmWorld(hostWorld), place: {machine: 'host'}},
  {title: 'a cluster', port: 18_744, make: kubernetesWorld, place: {cluster: 'kind'}},
]

for (const {title, port, make, place, shares} of cases) {
  describe(`jhub attach, ${title}`, () => {
    let world: World
    const add = (name: string) =>
      userAdd(world.context(), {names: [name], admin: false, groups: [], passwords: new Map(), dryRun: false})
    const unnamed = () => {
      const context = world.context()
      return {...context, asked: {currentDirectory: context.asked.currentDirectory}}
    }
    const failureOf = async (action: Promise<unknown>) => (await action.catch((error: unknown) => error)) as JhubError
    /** Another computer: nothing of what jhub wrote on the one before is there. */
    const loseAll = () => {
      for (const path of [...world.files.entries.keys()])
        if (path.startsWith('/config/') || (shares === undefined && path.startsWith('/state/')))
          world.files.entries.delete(path)
    }
    beforeEach(async () => {
      world = make(port)
      await up(world.context(), {
        ...('machine' in place ? {machine: place.machine} : {}),
        port,
        admin: 'admin',
        mode: world.mode,
      })
      await add('ana')
    })
    afterEach(() => world.close())

    it('finds the hub again, changes nothing of it, and all verbs work', async () => {
      const spec = await world.files.read('/config/fake.yaml')
      const running = world.running()
      loseAll()
      expect(await attach(unnamed(), place)).toMatchObject({
        hub: 'fake',
        spec: '/config/fake.yaml',
        state: 'running',
        users: 2,
      })
      expect(await world.files.read('/config/fake.yaml')).toBe(spec)
      expect(world.running()).toEqual(running)
      const again = await up(world.context(), {port})
      expect(again.passwords).toEqual({})
      expect(world.running()).toEqual(running)
      expect((await plan(world.context())).changes).toEqual([])
      await add('ben')
      await userRemove(world.context(), {names: ['ana'], deleteData: false, dryRun: false})
      expect([...(world.hubState?.users.keys() ?? [])].toSorted()).toEqual(['admin', 'ben'])
    })

    it('may be typed again, and never writes over a spec that says something else', async () => {
      loseAll()
      await attach(world.context(), place)
      const count = world.changes.length
      await attach(world.context(), place)
      expect(world.changes.slice(count).filter((change) => !/^(?:make \/state|write \/config)/.test(change))).toEqual(
        [],
      )
      await world.files.write('/config/fake.yaml', `version: 1\nname: fake\nmode: ${world.mode}\n`)
      const failure = await failureOf(attach(world.context(), place))
      expect(failure).toMatchObject({code: 'JHUB-E402'})
      expect(await world.files.read('/config/fake.yaml')).toBe(`version: 1\nname: fake\nmode: ${world.mode}\n`)
    })

    it('ends what it had begun when it was killed', async () => {
      loseAll()
      const start = world.changes.length
      await attach(world.context(), place)
      const count = world.changes.length - start
      for (let n = 0; n < count; n++) {
        loseAll()
        world.killAt = n
        await expect(attach(world.context(), place), `change ${String(n)}`).rejects.toThrow()
        world.revive()
        expect(await attach(world.context(), place), `change ${String(n)}`).toMatchObject({state: 'running', users: 2})
      }
      expect(count).toBeGreaterThan(0)
    })
  })
}

describe('jhub attach, in a cluster', () => {
  it('restores the secret of the sign-in, and takes another one that was given since', async () => {
    const world = kubernetesWorld(18_747)
    const settings = {port: 18_747}
    await up(world.context(), {...settings, admin: 'admin', mode: 'k8s'})
    const [spec = '', given] = [await world.files.read('/config/fake.yaml'), '/state/fake/sign-in-secret.json']
    await world.files.write('/config/fake.yaml', `${spec}auth:\n  method: shared-password\n`)
    await world.files.write(given, JSON.stringify({purpose: 'shared-password', value: 'a word for the room'}))
    await up(world.context(), settings)
    const file = '/state/fake/secrets.json'
    const secrets = await world.files.read(file)
    expect(secrets).toContain('a word for the room')
    await attach(world.context(), {cluster: 'kind'})
    world.files.entries.delete(file)
    await attach(world.context(), {cluster: 'kind'})
    expect(await world.files.read(file)).toBe(secrets)
    await world.files.write(file, secrets?.replace('for the room', 'given since') ?? '')
    await attach(world.context(), {cluster: 'kind'})
    await world.close()
  })

  it('does not write over what is for another hub of that name', async () => {
    const world = kubernetesWorld(18_746)
    await up(world.context(), {port: 18_746, mode: 'k8s'})
    const [file, other] = ['/state/fake/secrets.json', 'f'.repeat(64)]
    await world.files.write(file, JSON.stringify({apiToken: other, proxyToken: other, cookieSecret: other}))
    const failure = (await attach(world.context(), {cluster: 'kind'}).catch((error: unknown) => error)) as JhubError
    expect(failure).toMatchObject({code: 'JHUB-E402'})
    expect(await world.files.read(file)).toContain(other)
    await world.close()
  })
})

describe('jhub attach, where no hub is', () => {
  it('says so, and writes nothing', async () => {
    const world = vmWorld(dockerWorld)(18_745)
    const context = world.context()
    const failure = (await attach({...context, asked: {currentDirectory: '/work'}}, {machine: 'docker'}).catch(
      (error: unknown) => error,
    )) as JhubError
    expect(failure).toMatchObject({code: 'JHUB-E304', details: {hubs: []}})
    expect([...world.files.entries.keys()].filter((path) => path !== '/')).toEqual([])
  })
})
