import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {down} from '../../src/hub/down.js'
import {imageAdd, imageRemove, imageRollback, imageUpdate} from '../../src/hub/image/image-change.js'
import {imageShow} from '../../src/hub/image/image-show.js'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {kubernetesWorld, type KubernetesWorld} from './kubernetes-world.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'
import {quietPort} from '../fakes/quiet-port.js'

/** What differs from engine to engine. */
interface Place {
  readonly make: (port: number) => World
  readonly where: {readonly machine: 'process'} | {readonly mode: 'k8s'}
  readonly lockFile: string
  /** What the lock says of the standard server, beside which the kernels stand. */
  readonly server: RegExp
  readonly kernels: readonly string[]
  readonly builds: (world: World) => readonly string[]
}

const places: Readonly<Record<string, Place>> = {
  'on one machine': {
    make: vmWorld(fakeMachine),
    where: {machine: 'process'},
    lockFile: '/config/images/fake/geo.vm.lock',
    server: /^jupyterhub==/m,
    kernels: ['geo'],
    builds: ({files}) =>
      [...new Set([...files.entries.keys()].flatMap((path) => /\/env\/(image-[^/]+)/.exec(path)?.[1] ?? []))].sort(),
  },
  'in a cluster': {
    make: (port) => kubernetesWorld(port),
    where: {mode: 'k8s'},
    lockFile: '/config/images/fake/geo.k8s.lock',
    server: /^# base: quay\.io\/jupyterhub\/k8s-singleuser-sample:/m,
    kernels: ['geo', 'python3'],
    builds: (world) =>
      [...(world as KubernetesWorld).inNodes].filter((name) => name.startsWith('localhost/jhub/')).sort(),
  },
}

describe.each(Object.entries(places))("images of conda's packages, %s", (_title, place) => {
  let world: World
  const begin = async () => {
    const port = await quietPort()
    world = place.make(port)
    await up(world.context(), {port, admin: 'admin', ...place.where})
    await write('gdal')
  }
  beforeEach(begin)
  afterEach(() => world.close())

  const write = (...names: readonly string[]) =>
    world.files.write('/config/environment.yml', `channels: [conda-forge]\ndependencies: [${names.join(', ')}]\n`)
  const add = () => imageAdd(world.context(), {name: 'geo', environment: '/config/environment.yml', dryRun: false})
  const show = () => imageShow(world.context(), 'geo')
  const builds = () => place.builds(world)

  it('are chosen, installed beside the standard server, and offered as kernels', async () => {
    const {changes} = await add()
    expect(changes.map(({summary}) => summary)).toContain('image geo: 1 package')
    expect(await show()).toMatchObject({packages: {gdal: '1.0'}, kernels: place.kernels, earlier: 0})
    const lock = await world.files.read(place.lockFile)
    expect(lock).toMatch(place.server)
    expect(lock).toContain(`https://conda.example/noarch/gdal-1.0-0.conda#sha256:${'0'.repeat(64)}`)
    expect((await plan(world.context())).changes).toEqual([])
  })

  it('are updated, go back, and are known by their lock', async () => {
    await add()
    await world.files.write('/index', '2.0')
    const planned = await imageUpdate(world.context(), {name: 'geo', dryRun: true})
    expect(planned.changes.map(({summary}) => summary)).toContain('image geo: gdal 1.0 → 2.0')
    await imageUpdate(world.context(), {name: 'geo', dryRun: false})
    expect(await show()).toMatchObject({packages: {gdal: '2.0'}, earlier: 1})
    await imageRollback(world.context(), {name: 'geo', dryRun: false})
    expect((await show()).packages).toEqual({gdal: '1.0'})
    expect((await plan(world.context())).changes).toEqual([])
    await imageRemove(world.context(), {name: 'geo', dryRun: false})
    expect(builds()).toEqual([])
  })

  it('that cannot be had leave everything as it was, and so do lines that cannot be', async () => {
    await write('gdal', 'nosuch')
    await expect(add()).rejects.toMatchObject({
      code: 'JHUB-E221',
      message: expect.stringContaining('No candidates were found for nosuch') as string,
    })
    await world.files.write('/config/environment.yml', 'channels: [defaults]\ndependencies: [gdal]\n')
    await expect(add()).rejects.toThrow('1: "defaults" is the channel of Anaconda')
    expect([builds(), await world.files.read(place.lockFile)]).toEqual([[], undefined])
    expect((await plan(world.context())).changes).toEqual([])
  })

  it('leave everything as it was when any change fails, and are finished when they were killed', async () => {
    const start = world.changes.length
    await add()
    const count = world.changes.length - start
    for (let n = 0; n < count; n++) {
      for (const kind of ['failAt', 'killAt'] as const) {
        await world.close()
        await begin()
        world[kind] = n
        const outcome = await add().catch((error: unknown) => error)
        if (kind === 'failAt' && outcome instanceof JhubError) expect(builds(), `change ${String(n)}`).toEqual([])
        world.revive()
        await up(world.context())
        expect((await plan(world.context())).changes, `change ${String(n)}`).toEqual([])
      }
    }
    await down(world.context(), {deleteData: false, dryRun: false})
    expect(builds()).toEqual([])
  })
})
