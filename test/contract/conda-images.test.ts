import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {JhubError} from '../../src/errors.js'
import {down} from '../../src/hub/down.js'
import {imageAdd, imageRemove, imageRollback, imageUpdate} from '../../src/hub/image/image-change.js'
import {imageShow} from '../../src/hub/image/image-show.js'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import {realHost} from '../../src/host/real-host.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import {vmWorld} from './vm-world.js'
import type {World} from './world.js'

describe("images of conda's packages, on one machine", () => {
  let world: World
  const begin = async () => {
    const port = await realHost().processes.freePort()
    world = vmWorld(fakeMachine)(port)
    await up(world.context(), {dryRun: false, keepOnFailure: false, port, admin: 'admin', machine: 'process'})
    await write('gdal')
  }
  beforeEach(begin)
  afterEach(() => world.close())

  const write = (...names: readonly string[]) =>
    world.files.write('/config/environment.yml', `channels: [conda-forge]\ndependencies: [${names.join(', ')}]\n`)
  const add = () => imageAdd(world.context(), {name: 'geo', environment: '/config/environment.yml', dryRun: false})
  const show = () => imageShow(world.context(), 'geo')
  const builds = () =>
    [...new Set([...world.files.entries.keys()].flatMap((path) => /\/env\/(image-[^/]+)/.exec(path)?.[1] ?? []))].sort()

  it('are chosen, installed beside the standard server, and offered as kernels', async () => {
    const {changes} = await add()
    expect(changes.map(({summary}) => summary)).toContain('image geo: choose 1 packages')
    expect(await show()).toMatchObject({packages: {gdal: '1.0'}, kernels: ['geo'], earlier: 0})
    const lock = await world.files.read('/config/images/fake/geo.vm.lock')
    expect(lock).toMatch(/^jupyterhub==/m)
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
    expect([builds(), await world.files.read('/config/images/fake/geo.vm.lock')]).toEqual([[], undefined])
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
        await up(world.context(), {dryRun: false, keepOnFailure: false})
        expect((await plan(world.context())).changes, `change ${String(n)}`).toEqual([])
      }
    }
    await down(world.context(), {deleteData: false, dryRun: false})
    expect(builds()).toEqual([])
  })
})
