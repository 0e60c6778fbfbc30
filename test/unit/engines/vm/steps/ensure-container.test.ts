import {describe, expect, it} from 'vitest'
import {everythingLabel, ownerLabel, wantedLabel} from '../../../../../src/engines/vm/machines/docker/docker-labels.js'
import {ensureContainer} from '../../../../../src/engines/vm/steps/ensure-container.js'
import type {ContainerOptions} from '../../../../../src/host/docker/docker.js'
import {realClock} from '../../../../../src/host/real-clock.js'
import {fakeDocker} from '../../../../fakes/fake-docker.js'
import {answer} from '../../../../fakes/fake-programs.js'
import {newFault} from '../../../../fakes/fault.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

const wanted: ContainerOptions = {
  name: 'jhub-class',
  image: 'jhub-machine:1',
  labels: {[ownerLabel]: 'jhub-class', [wantedLabel]: 'v2'},
  hostname: 'jhub-class',
  volumes: new Map([['/data', 'jhub-class-data']]),
  publish: [],
  rights: ['SYS_ADMIN'],
}

function world(isStrict: boolean, states: readonly string[] = []) {
  const left = [...states]
  const inside = memoryFiles(newFault())
  const docker = fakeDocker({
    inside,
    run: async () => answer('running'),
    beforeChange: newFault().beforeChange,
    onGone: async () => undefined,
    isStrict,
  })
  docker.images.add(wanted.image)
  const notes: string[] = []
  const context = {
    signal: new AbortController().signal,
    report: () => undefined,
    note: (text: string) => {
      notes.push(text)
    },
  }
  const isUp = () => left.length === 0
  const step = ensureContainer({
    docker,
    clock: realClock,
    run: async () => answer(left.shift() ?? 'running'),
    labels: {[ownerLabel]: 'jhub-class'},
    volumes: {state: 'jhub-class-state', data: 'jhub-class-data'},
    dataMount: '/data',
    wanted: async () => wanted,
  })
  return {docker, inside, step, context, notes, isUp}
}

describe('the machine in a container', () => {
  it('gets the rights that systemd needs and no more', async () => {
    const {docker, step, context, notes} = world(false)
    await step.apply(context)
    expect(docker.containers.get('jhub-class')?.rights).toEqual(['SYS_ADMIN'])
    expect(notes).toEqual([])
    expect(await step.check()).toBeUndefined()
  })

  it('gets every right where systemd does not start with less, and the person is told', async () => {
    const {docker, step, context, notes} = world(true)
    await step.apply(context)
    const made = docker.containers.get('jhub-class')
    expect(made?.rights).toBe('everything')
    expect(made?.labels[everythingLabel]).toBe('yes')
    expect(notes).toEqual([expect.stringContaining('runs with --privileged')])
    expect(await step.check()).toBeUndefined()
  })

  it('that was stopped is started, and its boot is waited for', async () => {
    const {docker, step, context, isUp} = world(false, ['', 'initializing', 'starting'])
    await docker.createContainer(wanted)
    const made = docker.containers.get('jhub-class')
    if (made !== undefined) made.isRunning = false
    expect(await step.check()).toEqual({summary: 'start the machine jhub-class', disturbs: 'live'})
    await step.apply(context)
    expect(docker.containers.get('jhub-class')?.isRunning).toBe(true)
    expect(isUp()).toBe(true)
  })

  it('of an older jhub, with every right, is recreated, and what is on its volumes stays', async () => {
    const {docker, inside, step, context} = world(false)
    await docker.createContainer({...wanted, labels: {...wanted.labels, [wantedLabel]: 'v1'}, rights: 'everything'})
    await inside.write('/data/homes/ana/diary.txt', 'mine')
    expect(await step.check()).toEqual({
      summary: 'recreate the machine jhub-class (homes are kept)',
      disturbs: 'machine or cluster is recreated',
    })
    await step.apply(context)
    expect(docker.containers.get('jhub-class')?.rights).toEqual(['SYS_ADMIN'])
    expect(await inside.read('/data/homes/ana/diary.txt')).toBe('mine')
  })
})
