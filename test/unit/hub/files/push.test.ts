import {afterEach, beforeEach, expect, it} from 'vitest'
import {push} from '../../../../src/hub/files/push.js'
import {up} from '../../../../src/hub/up.js'
import {kubernetesWorld, type KubernetesWorld} from '../../../contract/kubernetes-world.js'
import {quietPort} from '../../../fakes/quiet-port.js'

let world: KubernetesWorld
beforeEach(async () => {
  const port = await quietPort()
  world = kubernetesWorld(port)
  await up(world.context(), {port, admin: 'admin', mode: 'k8s'})
  await world.files.write('/config/week-2/lesson.txt', 'two')
})
afterEach(() => world.close())

const settings = () => world.files.read('/config/fake.yaml')

const pushed = () => push(world.context(), {directory: '/config/week-2', dryRun: false})

it('names the directory in the settings file before people are shown it, so that the same command goes on', async () => {
  world.changes.length = 0
  await expect(pushed()).rejects.toThrow()
  const [saved = -1, shown = -1] = ['write /config/fake.yaml', 'apply PersistentVolume jhub-fake-common'].map((each) =>
    world.changes.indexOf(each),
  )
  expect(saved, world.changes.join('\n')).toBeGreaterThanOrEqual(0)
  expect(shown).toBeGreaterThan(saved)
  expect(await settings()).toContain('materials: week-2')
})

it('of a hub that does not run changes no settings where its place cannot be reached', async () => {
  await world.cluster.own?.stop()
  const before = await settings()
  await expect(pushed()).rejects.toThrow()
  expect(await settings()).toBe(before)
})
