import {describe, expect, it} from 'vitest'
import {ownerLabel} from '../../../../../../src/engines/vm/machines/docker/docker-labels.js'
import {removeContainer} from '../../../../../../src/engines/vm/steps/removal/remove-container.js'
import type {ContainerOptions} from '../../../../../../src/host/docker/docker.js'
import {fakeDocker} from '../../../../../fakes/fake-docker.js'
import {newFault} from '../../../../../fakes/fault.js'
import {memoryFiles} from '../../../../../fakes/memory-files.js'

const container = 'jhub-class'
const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

async function dockerWith(...names: readonly string[]) {
  const {beforeChange} = newFault()
  const docker = fakeDocker({
    inside: memoryFiles(newFault()),
    run: () => Promise.reject(new Error('nothing is run')),
    beforeChange,
    onGone: async () => undefined,
  })
  const image = {tag: 'jhub-machine:1', labels: {[ownerLabel]: '*'}, files: new Map(), buildArguments: {}}
  await docker.buildImage(image, {signal: context.signal, onLine: () => undefined})
  for (const name of names) await docker.createContainer(wanted(name))
  await docker.createVolume('jhub-class-state', {[ownerLabel]: container})
  await docker.createVolume('jhub-class-data', {[ownerLabel]: container})
  return docker
}

const wanted = (name: string): ContainerOptions => ({
  name,
  image: 'jhub-machine:1',
  labels: {[ownerLabel]: name},
  hostname: name,
  volumes: new Map(),
  publish: [{address: '127.0.0.1', port: 8000}],
  rights: [],
})

describe('the end of a machine in a container', () => {
  it('is the end of the image from which it was made, and of the volumes named', async () => {
    const docker = await dockerWith(container)
    const step = removeContainer({docker, container, volumes: ['jhub-class-state'], deleteData: false})
    expect((await step.check())?.summary).toBe(
      'remove container jhub-class, volume jhub-class-state, image jhub-machine:1',
    )
    await step.apply(context)
    expect(await step.check()).toBeUndefined()
    expect([[...docker.containers.keys()], [...docker.volumes.keys()], [...docker.images]]).toEqual([
      [],
      ['jhub-class-data'],
      [],
    ])
  })

  it('leaves the image while another hub stands on it', async () => {
    const docker = await dockerWith(container, 'jhub-physics')
    const step = removeContainer({docker, container, volumes: [], deleteData: false})
    await step.apply(context)
    expect(await step.check()).toBeUndefined()
    expect([[...docker.containers.keys()], [...docker.images]]).toEqual([['jhub-physics'], ['jhub-machine:1']])
  })

  it('leaves what it did not make', async () => {
    const docker = await dockerWith()
    await docker.createContainer({...wanted(container), labels: {}})
    const step = removeContainer({docker, container, volumes: ['a-volume-of-others'], deleteData: false})
    await docker.createVolume('a-volume-of-others', {})
    await step.apply(context)
    expect(docker.containers.has(container)).toBe(true)
    expect(docker.volumes.has('a-volume-of-others')).toBe(true)
  })
})
