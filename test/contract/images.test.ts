import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {imageOffer, imageWithdraw} from '../../src/hub/image/image-choice.js'
import {imageAdd, imageGive, imageRemove, imageRollback, imageUpdate} from '../../src/hub/image/image-change.js'
import {imageList} from '../../src/hub/image/image-list.js'
import {imageShow} from '../../src/hub/image/image-show.js'
import {down} from '../../src/hub/down.js'
import {plan} from '../../src/hub/plan.js'
import {serverRestart, serverStart, serverStop} from '../../src/hub/server/server-change.js'
import type {HubEvent} from '../../src/hub/session/hub-context.js'
import {up} from '../../src/hub/up.js'
import {flattenSteps} from '../../src/steps/step.js'
import {userAdd} from '../../src/hub/user/user-add.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {queuedLocks} from '../fakes/queued-locks.js'
import {kubernetesWorld, type KubernetesWorld} from './kubernetes-world.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'
import {quietPort} from '../fakes/quiet-port.js'

/** What differs from engine to engine. */
interface Place {
  readonly make: (port: number) => World
  /** Where the spec says more than `up` can be asked for. */
  readonly spec?: string
  readonly lockFile: string
  /** What servers are started from, of everything that is there. */
  readonly builds: (world: World) => readonly string[]
  /** Behind jhub's back. */
  readonly loseBuild: (world: World, build: string) => Promise<void>
  /** How a plan tells of it. */
  readonly told: string
  /** What is there of it after `down`. */
  readonly leftovers: (world: World) => Promise<readonly string[]>
}

/** What was built for the hub, of all that the nodes have. */
const inNodes = (world: KubernetesWorld) =>
  [...world.inNodes].filter((name) => name.startsWith('localhost/jhub/')).sort()

/** What nodes are told to download. */
const inRegistry = ({objects}: KubernetesWorld) => {
  const {data = {}} = (objects.get('Secret/fake/jhub-pushed') ?? {}) as {
    readonly data?: Readonly<Record<string, string>>
  }
  const text = Buffer.from(data['images.json'] ?? 'e30=', 'base64').toString()
  return Object.values(JSON.parse(text) as Record<string, string>).sort()
}

const guestSpec = `version: 1
name: fake
mode: k8s
k8s: {cluster: "context:course", registry: registry.example/courses}
users: {admin: {admin: true}}
`

const places: Readonly<Record<string, Place>> = {
  'on one machine': {
    make: vmWorld(fakeMachine),
    lockFile: '/config/images/fake/data.vm.lock',
    builds: ({files}) =>
      [...new Set([...files.entries.keys()].flatMap((path) => /\/env\/(image-[^/]+)/.exec(path)?.[1] ?? []))].sort(),
    loseBuild: async ({files}, build) => files.remove(`/state/fake/env/${build}`),
    told: 'packages for the image data',
    leftovers: async (world) => world.leftovers?.() ?? ['not known'],
  },
  'in a cluster': {
    make: (port) => kubernetesWorld(port),
    lockFile: '/config/images/fake/data.k8s.lock',
    builds: (world) => inNodes(world as KubernetesWorld),
    async loseBuild(world, build) {
      const fake = world as KubernetesWorld
      fake.inNodes.delete(build)
      fake.builder.made.delete(build)
    },
    told: 'build the image data with 1 package',
    leftovers: (world) => (world as KubernetesWorld).builder.leftovers(),
  },
  'in a cluster of others, through a registry': {
    make: (port) => kubernetesWorld(port, {isOwn: false}),
    spec: guestSpec,
    lockFile: '/config/images/fake/data.k8s.lock',
    builds: (world) => inRegistry(world as KubernetesWorld),
    async loseBuild(world, build) {
      const fake = world as KubernetesWorld
      fake.registry.held.delete(build)
      fake.builder.made.clear()
    },
    told: 'build the image data with 1 package',
    leftovers: async (world) => [
      ...(await (world as KubernetesWorld).builder.leftovers()),
      ...inRegistry(world as KubernetesWorld),
    ],
  },
}

describe.each(Object.entries(places))(
  'images %s',
  (_title, {make: makeWorld, spec, lockFile, builds: buildsOf, loseBuild, told, leftovers}) => {
    let port: number
    let world: World
    const make = async () => {
      world = makeWorld(port)
      if (spec !== undefined) await world.files.write('/config/fake.yaml', spec)
      const place = world.mode === 'vm' ? {machine: 'process' as const} : {mode: 'k8s' as const}
      const asked = spec === undefined ? {port, admin: 'admin', ...place} : {}
      await up(world.context(), {...asked})
      return world
    }
    beforeEach(async () => {
      port = await quietPort()
      await make()
    })
    afterEach(async () => {
      await world.close()
    })

    const context = () => world.context()
    const add = (packages: readonly string[]) => imageAdd(context(), {name: 'data', packages, dryRun: false})
    const give = () => imageGive(context(), {name: 'data', scope: {kind: 'default'}, dryRun: false})
    const builds = () => buildsOf(world)
    const files = () =>
      [...world.files.entries].filter(([path]) => !path.includes('/tools/')).map(([path, {text}]) => [path, text])
    const policy = () => (world.hubState?.groups.get('jhub-policy')?.properties as {policy: {images?: object}}).policy
    const newest = (version: string) => world.files.write('/index', version)
    const pandas = async () => /^pandas==(\S+)/m.exec((await world.files.read(lockFile)) ?? '')?.[1]

    it('are built, given, and had by the next server', async () => {
      expect((await add(['pandas'])).outcome).toBe('applied')
      const [build] = builds()
      expect(policy().images).toEqual({users: {}, groups: [], built: {data: build}})
      await serverStart(context(), ['admin'])
      const {outdated} = await give()
      expect(outdated).toEqual(['admin'])
      expect(await serverRestart(context(), {only: 'outdated'})).toEqual({done: ['admin']})
      expect((await imageList(context())).images).toMatchObject([{name: 'data', isBuilt: true, running: ['admin']}])
      expect(await serverRestart(context(), {only: 'outdated'})).toEqual({done: []})
      expect((await plan(context())).changes).toEqual([])
    })

    it('are part of an `up` that has no step twice', async () => {
      await add(['pandas'])
      const titles: string[] = []
      const onEvent = (event: HubEvent) => {
        if (event.type === 'planned') titles.push(...flattenSteps(event.list).map(({title}) => title))
      }
      await up({...context(), onEvent})
      expect(titles).toContain(titles.find((title) => title.includes('image data')))
      expect(titles).toEqual([...new Set(titles)])
    })

    it('take a description, which only the settings file has', async () => {
      await add(['pandas'])
      const describeIt = (dryRun: boolean) => imageAdd(context(), {name: 'data', description: 'Data frames', dryRun})
      const saved = {changes: [], isFileChanged: true}
      expect(await describeIt(true)).toMatchObject({...saved, outcome: 'planned'})
      expect(await describeIt(false)).toMatchObject({...saved, outcome: 'applied'})
      expect(await describeIt(false)).toMatchObject({...saved, isFileChanged: false})
      expect((await imageList(context())).images).toMatchObject([{name: 'data', description: 'Data frames'}])
    })

    it('are had by one start alone', async () => {
      await add(['pandas'])
      const before = policy()
      await expect(serverStart(context(), ['admin'], {image: 'dat'})).rejects.toThrow('did you mean data?')
      await serverStart(context(), ['admin'])
      await expect(serverStart(context(), ['admin'], {image: 'data'})).rejects.toMatchObject({
        code: 'JHUB-E208',
        message: 'The server of admin already runs, from the standard software. No server was started',
      })
      await serverStop(context(), ['admin'])
      await serverStart(context(), ['admin'], {image: 'data'})
      await serverStart(context(), ['admin'], {image: 'data'})
      expect(policy()).toEqual(before)
      const {images, outdated} = await imageList(context())
      expect([images[0]?.running, outdated]).toEqual([['admin'], ['admin']])
      expect((await plan(context())).changes).toEqual([])
    })

    it('are chosen by a person, and the next start takes what was chosen last', async () => {
      await add(['pandas'])
      const everybody = {name: 'data', scope: {kind: 'default'} as const, dryRun: false}
      const planned = await imageOffer(context(), {...everybody, dryRun: true})
      expect(planned.changes.map(({summary}) => summary)).toEqual(['choice of everybody data (new)'])
      expect(policy().images).not.toHaveProperty('choose')
      expect((await imageOffer(context(), everybody)).isGiven).toBe(true)
      expect(policy().images).toMatchObject({
        choose: {default: ['data'], users: {}, groups: []},
        about: {data: {contains: [expect.stringMatching(/^Python 3\.\d+$/), 'pandas 1.0']}},
      })
      expect((await plan(context())).changes).toEqual([])

      const admin = world.hubState?.users.get('admin')
      if (admin === undefined) throw new Error('no admin')
      admin.options = {image: 'data'}
      await serverStart(context(), ['admin'])
      const listed = async () => {
        const {images, outdated} = await imageList(context())
        return [images[0]?.running, outdated]
      }
      expect(await listed()).toEqual([['admin'], []])
      await expect(imageRemove(context(), {name: 'data', dryRun: false})).rejects.toThrow(
        'everybody can choose it; the running server of admin',
      )
      await imageWithdraw(context(), everybody)
      expect(await listed()).toEqual([['admin'], ['admin']])
      expect((await serverRestart(context(), {only: 'outdated'})).done).toEqual(['admin'])
      expect(await listed()).toEqual([[], []])
      await imageRemove(context(), {name: 'data', dryRun: false})
      expect((await plan(context())).changes).toEqual([])
    })

    it('that are in use are not removed', async () => {
      await add(['pandas'])
      await give()
      await expect(imageRemove(context(), {name: 'data', dryRun: false})).rejects.toThrow('everybody has it')
      const {files: text} = world
      await text.write(
        '/config/fake.yaml',
        ((await text.read('/config/fake.yaml')) ?? '').replace(/^image: data\n/m, ''),
      )
      await imageRemove(context(), {name: 'data', dryRun: false})
      expect(builds()).toEqual([])
      expect(await world.files.read(lockFile)).toBeUndefined()
      expect((await plan(context())).changes).toEqual([])
    })

    it('keep other versions when a package is added, take the newest when they are updated, and go back', async () => {
      await add(['pandas'])
      const first = builds()
      await newest('2.0')
      await add(['seaborn'])
      expect([await pandas(), builds().length]).toEqual(['1.0', 2])
      const planned = await imageUpdate(context(), {name: 'data', dryRun: true})
      expect(planned.changes.map(({summary}) => summary).join()).toContain('pandas 1.0 → 2.0')
      expect(await pandas()).toBe('1.0')
      await imageUpdate(context(), {dryRun: false})
      expect([await pandas(), (await imageShow(context(), 'data')).earlier]).toEqual(['2.0', 2])
      await newest('3.0')
      await imageRollback(context(), {name: 'data', dryRun: false})
      expect(await pandas()).toBe('1.0')
      expect((await plan(context())).changes).toEqual([])
      await imageUpdate(context(), {name: 'data', dryRun: false})
      expect(await pandas()).toBe('3.0')
      // Three are kept, and the first is none of them.
      expect(builds()).toHaveLength(3)
      expect(builds()).not.toContain(first[0])
    })

    it('stay, with their locks, when an image cannot be removed', async () => {
      await add(['pandas'])
      const [before, lock] = [builds(), await world.files.read(lockFile)]
      const start = world.changes.length
      await imageRemove(context(), {name: 'data', dryRun: false})
      const count = world.changes.length - start
      for (let n = 0; n < count; n++) {
        await world.close()
        await make()
        await add(['pandas'])
        world.failAt = n
        const outcome = await imageRemove(context(), {name: 'data', dryRun: false}).catch((error: unknown) => error)
        const isInSpec = (await world.files.read('/config/fake.yaml'))?.includes('pandas') === true
        if (outcome instanceof JhubError && isInSpec) {
          expect(builds(), `change ${String(n)}`).toEqual(before)
          expect(await world.files.read(lockFile), `change ${String(n)}`).toBe(lock)
        }
        await up(context())
        expect((await plan(context())).changes, `change ${String(n)}`).toEqual([])
        if (!isInSpec) expect(await world.files.read(lockFile), `change ${String(n)}`).toBeUndefined()
      }
    })

    it('are updated once by two commands at the same time', async () => {
      await add(['pandas'])
      await newest('2.0')
      const locks = queuedLocks()
      const update = () => {
        const own = context()
        return imageUpdate({...own, host: {...own.host, locks}}, {name: 'data', dryRun: false})
      }
      const outcomes = await Promise.all([update(), update()])
      const moved = outcomes.map(
        ({changes}) => changes.filter(({summary}) => summary.includes('pandas 1.0 → 2.0')).length,
      )
      expect(moved).toEqual([1, 0])
      expect([await pandas(), builds().length, (await imageShow(context(), 'data')).earlier]).toEqual(['2.0', 2, 1])
      expect((await plan(context())).changes).toEqual([])
    })

    it('have nothing to go back to before they were changed', async () => {
      await add(['pandas'])
      await expect(imageRollback(context(), {name: 'data', dryRun: false})).rejects.toThrow('no earlier build')
      await expect(imageUpdate(context(), {name: 'dat', dryRun: false})).rejects.toThrow('did you mean data?')
    })

    it('are not chosen by a locked `up`', async () => {
      await add(['pandas'])
      const locked = () => up(context(), {locked: true})
      expect((await locked()).changes).toEqual([])
      const source = (await world.files.read('/config/fake.yaml')) ?? ''
      await world.files.write('/config/fake.yaml', source.replace('[pandas]', '[pandas, scipy]'))
      await expect(locked()).rejects.toMatchObject({code: 'JHUB-E222'})
      expect((await plan(context())).changes.map(({summary}) => summary).join()).toContain('scipy 1.0 (new)')
    })

    it('leave everything as it was when their packages cannot be had', async () => {
      await add(['pandas'])
      await give()
      const [before, wanted] = [files(), policy()]
      const failure = await add(['nosuch']).catch((error: unknown) => error)
      expect(failure).toMatchObject({code: 'JHUB-E221'})
      expect(files()).toEqual(before)
      expect(policy()).toEqual(wanted)
      expect((await plan(context())).changes).toEqual([])
    })

    it('leave everything as it was when any change fails', async () => {
      const start = world.changes.length
      await add(['pandas'])
      const count = world.changes.length - start
      let failures = 0
      for (let n = 0; n < count; n++) {
        await world.close()
        await make()
        const [before, wanted] = [builds(), policy()]
        world.failAt = n
        const outcome = await add(['pandas']).catch((error: unknown) => error)
        // A look that failed is looked at again when it is done.
        if (!(outcome instanceof JhubError)) {
          expect((await plan(context())).changes, `change ${String(n)}`).toEqual([])
          continue
        }
        failures += 1
        expect(builds(), `change ${String(n)}`).toEqual(before)
        expect(policy(), `change ${String(n)}`).toEqual(wanted)
        expect(await world.files.read(lockFile), `change ${String(n)}`).toBeUndefined()
        expect(await world.files.read('/config/fake.yaml'), `change ${String(n)}`).not.toContain('pandas')
      }
      expect(failures).toBeGreaterThan(5)
    })

    it('are finished by the next `up` when they were killed before any change', async () => {
      const start = world.changes.length
      await add(['pandas'])
      const count = world.changes.length - start
      for (let n = 0; n < count; n++) {
        await world.close()
        await make()
        world.killAt = n
        await expect(add(['pandas']), `change ${String(n)}`).rejects.toThrow()
        world.revive()
        await up(context())
        expect((await plan(context())).changes, `change ${String(n)}`).toEqual([])
      }
    })

    it.each<readonly [string, (name: string) => Promise<unknown>, readonly (string | undefined)[]]>([
      ['are given', (name) => imageGive(context(), {name, scope: {kind: 'default'}, dryRun: false}), ['2.0']],
      ['are offered', (name) => imageOffer(context(), {name, scope: {kind: 'default'}, dryRun: false}), ['2.0']],
      ['are updated', (name) => imageUpdate(context(), {name, dryRun: false}), ['2.0', '3.0']],
      ['go back', (name) => imageRollback(context(), {name, dryRun: false}), ['2.0', '1.0']],
      ['are removed', (name) => imageRemove(context(), {name, dryRun: false}), ['2.0', undefined]],
    ])('are what they were or what they become when jhub is killed while they %s', async (_title, change, versions) => {
      const prepare = async () => {
        await add(['pandas'])
        await newest('2.0')
        await imageUpdate(context(), {name: 'data', dryRun: false})
        await newest('3.0')
      }
      await prepare()
      const start = world.changes.length
      await change('data')
      const count = world.changes.length - start
      expect(count).toBeGreaterThan(1)
      for (let n = 0; n < count; n++) {
        await world.close()
        await make()
        await prepare()
        world.killAt = n
        await expect(change('data'), `change ${String(n)}`).rejects.toThrow()
        world.revive()
        await up(context(), {dryRun: false, keepOnFailure: false})
        expect((await plan(context())).changes, `change ${String(n)}`).toEqual([])
        expect(versions, `change ${String(n)}`).toContain(await pandas())
        expect(builds().length, `change ${String(n)}`).toBeLessThanOrEqual(3)
      }
    })

    it('start no server while a build is gone, are had by nobody instead of another, and `up` makes it again', async () => {
      await add(['pandas'])
      await give()
      const [build = ''] = builds()
      await loseBuild(world, build)
      const refusal = {code: 'JHUB-E208', message: expect.stringContaining('its image data is gone from the') as string}
      await expect(serverStart(context(), ['admin'])).rejects.toMatchObject(refusal)
      await expect(serverRestart(context(), {names: ['admin']})).rejects.toMatchObject(refusal)
      expect(world.hubState?.users.get('admin')?.server).toBeUndefined()
      await userAdd(context(), {names: ['ben'], admin: false, groups: [], passwords: new Map(), dryRun: false})
      expect(policy().images).toMatchObject({built: {data: build}})
      const summaries = (await plan(context())).changes.map(({summary}) => summary).join()
      expect(summaries).toContain(told)
      await up(context())
      expect(builds()).toEqual([build])
      expect((await plan(context())).changes).toEqual([])
      await serverStart(context(), ['admin'])
      await serverStop(context(), ['admin'])
    })

    it('are known again by the machine when their lock is lost, and go with the hub', async () => {
      await add(['pandas'])
      await newest('2.0')
      const [before, lock] = [builds(), await world.files.read(lockFile)]
      await world.files.remove(lockFile)
      expect((await plan(context())).changes.map(({step}) => step)).toEqual(['Choose the packages of the image data'])
      await up(context())
      expect([builds(), await world.files.read(lockFile)]).toEqual([before, lock])
      await down(context(), {deleteData: false, dryRun: false})
      expect(await leftovers(world)).toEqual([])
    })

    it('refuse packages that are none before anything is changed', async () => {
      const count = world.changes.length
      const failure = await add(['-r /etc/passwd']).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(JhubError)
      expect(world.changes.length).toBe(count)
    })
  },
)

describe('images that somebody else made, in a cluster', () => {
  const add = (world: World, oci: string) => imageAdd(world.context(), {name: 'course', oci, dryRun: false})
  const policyOf = (world: World) =>
    (world.hubState?.groups.get('jhub-policy')?.properties as {policy: {images?: {built: Record<string, string>}}})
      .policy.images?.built['course']
  const begin = async () => {
    const port = await quietPort()
    const world = kubernetesWorld(port)
    await up(world.context(), {port, admin: 'admin', mode: 'k8s'})
    return world
  }

  it('are had by their digest, follow their tag when they are updated, and go back', async () => {
    const world = await begin()
    await add(world, 'registry.example/course:1')
    const lock = async () =>
      /^# base: (.*)$/m.exec((await world.files.read('/config/images/fake/course.k8s.lock')) ?? '')?.[1]
    const [first, built] = [await lock(), policyOf(world)]
    expect(first).toMatch(/^registry\.example\/course@sha256:[0-9a-f]{64}$/)
    expect(inNodes(world)).toEqual([built])
    await world.files.write('/index', '2.0')
    expect((await plan(world.context())).changes).toEqual([])
    const planned = await imageUpdate(world.context(), {name: 'course', dryRun: true})
    expect(planned.changes[0]?.summary).toContain(`instead of ${String(first)}`)
    await imageUpdate(world.context(), {dryRun: false})
    expect(policyOf(world)).not.toBe(built)
    await imageRollback(world.context(), {name: 'course', dryRun: false})
    expect([await lock(), policyOf(world)]).toEqual([first, built])
    expect((await plan(world.context())).changes).toEqual([])
    const known = {kernels: ['python3'], sizeBytes: 3 * 1024 ** 3, ownBytes: null}
    expect(await imageShow(world.context(), 'course')).toMatchObject(known)
    world.builder.made.clear()
    expect(await imageShow(world.context(), 'course')).toMatchObject({build: built, kernels: null, sizeBytes: null})
    await world.close()
  })

  it('leave everything as it was when no server can run from them', async () => {
    const world = await begin()
    await add(world, 'registry.example/course:1')
    const [built, text] = [policyOf(world), await world.files.read('/config/fake.yaml')]
    await expect(add(world, 'registry.example/nosuch:1')).rejects.toMatchObject({code: 'JHUB-E230'})
    expect([policyOf(world), await world.files.read('/config/fake.yaml')]).toEqual([built, text])
    expect((await plan(world.context())).changes).toEqual([])
    await world.close()
  })
})

describe('images of a directory with a Dockerfile, in a cluster', () => {
  let world: KubernetesWorld
  beforeEach(async () => {
    const port = await quietPort()
    world = kubernetesWorld(port)
    await up(world.context(), {port, admin: 'admin', mode: 'k8s'})
    await world.files.write('/config/course/Dockerfile', 'FROM base')
  })
  afterEach(async () => {
    await world.close()
  })
  const add = () => imageAdd(world.context(), {name: 'course', build: '/config/course', dryRun: false})
  const build = () =>
    (world.hubState?.groups.get('jhub-policy')?.properties as {policy: {images?: {built: Record<string, string>}}})
      .policy.images?.built['course']
  const apply = () => up(world.context())
  const planned = async () => summariesOf(await plan(world.context()))
  const summariesOf = ({changes}: {readonly changes: readonly {readonly summary: string}[]}) =>
    changes.map(({summary}) => summary)

  it('are built, built again when it changes and when they are updated, and go back', async () => {
    await add()
    const first = build()
    expect(inNodes(world)).toEqual([first])
    expect(await planned()).toEqual([])
    expect(await world.files.read('/config/fake.yaml')).toContain('build: course')
    await world.files.write('/config/course/Dockerfile', 'FROM base\nRUN more')
    expect(await planned()).toEqual(['image course: take its directory as it is now'])
    await apply()
    const second = build()
    expect([second === first, await planned()]).toEqual([false, []])
    const updated = await imageUpdate(world.context(), {name: 'course', dryRun: false})
    expect(summariesOf(updated)).toContain('image course: build its directory again on the newest base')
    const third = build()
    expect([third === second, await planned()]).toEqual([false, []])
    const back = await imageRollback(world.context(), {name: 'course', dryRun: false})
    expect(summariesOf(back)).toContain('image course: go back to its earlier build')
    expect([build(), await planned()]).toEqual([second, []])
  })

  it.each([
    ['FROM nosuch', 'JHUB-E201'],
    ['FROM scratch', 'JHUB-E230'],
  ])('leave everything as it was when no image comes of it: %s', async (dockerfile, code) => {
    await add()
    const [built, lock] = [build(), await world.files.read('/config/images/fake/course.k8s.lock')]
    await world.files.write('/config/course/Dockerfile', dockerfile)
    await expect(apply()).rejects.toMatchObject({code})
    expect([build(), inNodes(world)]).toEqual([built, [built]])
    expect(await world.files.read('/config/images/fake/course.k8s.lock')).toBe(lock)
  })

  it('are not built of what is not there any more, and nothing is changed without a Dockerfile', async () => {
    await add()
    const [built = ''] = [build()]
    world.inNodes.delete(built)
    world.builder.made.delete(built)
    const lock = (await world.files.read('/config/images/fake/course.k8s.lock')) ?? ''
    await world.files.write(
      '/config/images/fake/course.k8s.lock',
      lock.replace(/directory:.{64}/, `directory:${'0'.repeat(64)}`),
    )
    await expect(apply()).rejects.toMatchObject({code: 'JHUB-E302'})
    await world.files.remove('/config/course/Dockerfile')
    await expect(apply()).rejects.toMatchObject({code: 'JHUB-E301'})
  })
})

describe('Debian packages of images in a cluster', () => {
  it('make another image, are in its lock, and go back with it', async () => {
    const port = await quietPort()
    const world = kubernetesWorld(port)
    await up(world.context(), {port, admin: 'admin', mode: 'k8s'})
    const lock = () => world.files.read('/config/images/fake/data.k8s.lock')
    await imageAdd(world.context(), {name: 'data', packages: ['pandas'], dryRun: false})
    const [first] = inNodes(world)
    const planned = await imageAdd(world.context(), {name: 'data', apt: ['git', 'r-cran-irkernel'], dryRun: true})
    expect(planned.changes.map(({summary}) => summary).join()).toContain(
      'image data: git (Debian, new), r-cran-irkernel (Debian, new)',
    )
    await imageAdd(world.context(), {name: 'data', apt: ['git', 'r-cran-irkernel'], dryRun: false})
    expect(await lock()).toMatch(/^# apt: git r-cran-irkernel$/m)
    expect(inNodes(world).filter((each) => each !== first)).toHaveLength(1)
    expect((await plan(world.context())).changes).toEqual([])
    await imageRollback(world.context(), {name: 'data', dryRun: false})
    expect(await lock()).not.toContain('# apt')
    expect((await plan(world.context())).changes).toEqual([])
    await imageAdd(world.context(), {name: 'r', apt: ['r-cran-irkernel'], dryRun: false})
    expect((await plan(world.context())).changes).toEqual([])
    expect([...world.builder.made.keys()].some((each) => each.includes(':r-'))).toBe(true)
    await world.close()
  })
})

describe('k8s.image', () => {
  const begin = async (rules: string) => {
    const port = await quietPort()
    const world = kubernetesWorld(port)
    const text = `version: 1\nname: fake\nmode: k8s\naccess: {port: ${String(port)}}\nusers: {admin: {admin: true}}\n${rules}\n`
    await world.files.write('/config/fake.yaml', text)
    return world
  }
  const policyOf = ({hubState}: World) => hubState?.groups.get('jhub-policy')?.properties

  it('is an image of everybody, by its digest and tried first, and said to be read so', async () => {
    const world = await begin('k8s: {image: "registry.example/lab:1"}')
    const events: string[] = []
    const context = {
      ...world.context(),
      onEvent: (event: {readonly type: string; readonly text?: string}) => events.push(event.text ?? ''),
    }
    await up(context)
    expect(events.join('\n')).toContain('k8s.image is read as image: k8s-image')
    const [build] = inNodes(world)
    expect(build).toMatch(/^localhost\/jhub\/fake:k8s-image-/)
    expect(await world.files.read('/config/images/fake/k8s-image.k8s.lock')).toMatch(
      /^# base: registry\.example\/lab@sha256:/m,
    )
    expect(policyOf(world)).toMatchObject({policy: {images: {default: 'k8s-image', built: {'k8s-image': build}}}})
    expect((await plan(world.context())).changes).toEqual([])
    await expect(imageRemove(world.context(), {name: 'k8s-image', dryRun: false})).rejects.toThrow('everybody')
    await world.close()
  })

  it('from which no server starts leaves the hub as it was', async () => {
    const world = await begin('')
    await up(world.context())
    const before = world.hubFingerprint()
    const text = (await world.files.read('/config/fake.yaml')) ?? ''
    await world.files.write('/config/fake.yaml', `${text}k8s: {image: "registry.example/nosuch:1"}\n`)
    await expect(up(world.context())).rejects.toMatchObject({code: 'JHUB-E230'})
    expect(world.hubFingerprint()).toBe(before)
    await world.close()
  })

  it('is what packages are installed on where everybody has another image, and an image may name its own', async () => {
    const world = await begin(
      'k8s: {image: "registry.example/lab:1"}\nimage: data\nimages: {data: {packages: [pandas]}, r: {packages: [six], base: "registry.example/r:2"}}',
    )
    await up(world.context())
    const baseOf = async (name: string) =>
      /^# base: (.*)$/m.exec((await world.files.read(`/config/images/fake/${name}.k8s.lock`)) ?? '')?.[1]
    expect([await baseOf('data'), await baseOf('r')]).toEqual(['registry.example/lab:1', 'registry.example/r:2'])
    expect(inNodes(world).map((name) => /:(.*)-\w+$/.exec(name)?.[1])).toEqual(['data', 'r'])
    await imageAdd(world.context(), {name: 'r', base: 'registry.example/r:3', dryRun: false})
    expect(await baseOf('r')).toBe('registry.example/r:3')
    await world.close()
  })
})

describe('images with a Python or a project of their own, on one machine', () => {
  const begin = async () => {
    const port = await quietPort()
    const world = vmWorld(fakeMachine)(port)
    await up(world.context(), {port, admin: 'admin', machine: 'process'})
    return world
  }
  const builds = (world: World) => places['on one machine']?.builds(world) ?? []
  const pythonOf = (world: World, build: string | undefined) =>
    world.files.read(`/state/fake/env/${build ?? ''}/bin/python`)
  const add = (world: World, image: Omit<Parameters<typeof imageAdd>[1], 'name' | 'dryRun'>, dryRun = false) =>
    imageAdd(world.context(), {name: 'data', ...image, dryRun})

  it('are another build for another Python, which is installed first, and go back', async () => {
    const world = await begin()
    await add(world, {packages: ['pandas']})
    const first = builds(world)
    const planned = await add(world, {python: '3.13'}, true)
    expect(planned.changes.map(({summary}) => summary)).toContain('install Python 3.13')
    await add(world, {python: '3.13'})
    const second = builds(world).filter((each) => !first.includes(each))
    expect(await pythonOf(world, first[0])).toBe('/usr/bin/python3')
    expect(await pythonOf(world, second[0])).toContain('/tools/python/cpython-3.13.0-linux/bin/python3.13')
    expect((await plan(world.context())).changes).toEqual([])
    await imageRollback(world.context(), {name: 'data', dryRun: false})
    expect(await world.files.read('/config/images/fake/data.vm.lock')).toContain('# python: 3.12\n')
    expect((await plan(world.context())).changes).toEqual([])
    await world.close()
  })

  it('leave everything as it was where that Python cannot be had', async () => {
    const world = await begin()
    const before = await world.files.read('/config/fake.yaml')
    await expect(add(world, {packages: ['pandas'], python: '3.10'})).rejects.toMatchObject({
      code: 'JHUB-E205',
      message: 'Python 3.10 is not on the machine, and uv could not download it',
    })
    expect([await world.files.read('/config/fake.yaml'), builds(world)]).toEqual([before, []])
    expect((await plan(world.context())).changes).toEqual([])
    await world.close()
  })

  it("take a project's own versions and hashes, and follow its uv.lock", async () => {
    const world = await begin()
    const write = async (pyproject: string, of: string, version: string) => {
      await world.files.write('/config/course/pyproject.toml', pyproject)
      const own = `[[package]]\nname = "course"\nsource = { virtual = "." }\ndependencies = [\n    { name = "tabulate" },\n]\n`
      const other = `[[package]]\nname = "tabulate"\nversion = "${version}"\nsource = { registry = "x" }\n`
      await world.files.write('/config/course/uv.lock', `# of ${of}\n${own}\n${other}`)
    }
    const course = {project: '/config/course'}
    await expect(add(world, course)).rejects.toThrow('There is no directory /config/course')
    await write('one', 'another', '0.8')
    await expect(add(world, course)).rejects.toThrow('older than its pyproject.toml')
    await write('one', 'one', '0.8')
    await add(world, course)
    const lock = async () => (await world.files.read('/config/images/fake/data.vm.lock')) ?? ''
    expect(await lock()).toContain('tabulate==0.8 \\\n    --hash=sha256:11\n')
    expect(await lock()).toMatch(/^jupyterlab==\S+ \\\n {4}--hash=sha256:00$/m)
    expect((await plan(world.context())).changes).toEqual([])
    await write('one', 'one', '0.9')
    const {changes} = await plan(world.context())
    expect(changes.map(({summary}) => summary)).toContain('image data: tabulate 0.8 → 0.9')
    await up(world.context())
    await imageOffer(world.context(), {name: 'data', scope: {kind: 'default'}, dryRun: false})
    const {properties} = world.hubState?.groups.get('jhub-policy') ?? {}
    expect(properties).toMatchObject({policy: {images: {about: {data: {contains: ['Python 3.12', 'tabulate 0.9']}}}}})
    await world.close()
  })
})
