import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {machineLayout, type Layout} from '../../../../src/engines/vm/machines/layout.js'
import {detachedSupervisor} from '../../../../src/engines/vm/services/detached-supervisor.js'
import type {ServiceDefinition, Supervisor} from '../../../../src/engines/vm/services/supervisor.js'
import {realHost} from '../../../../src/host/real-host.js'

const host = realHost()
let directory: string
let layout: Layout
let supervisor: Supervisor

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-supervisor-'))
  layout = machineLayout(path.join(directory, 'state'), path.join(directory, 'data'))
  supervisor = detachedSupervisor(host, layout)
  await host.files.makeDirectory(layout.logs)
})
afterEach(async () => {
  await supervisor.stop('hub')
  await supervisor.stop('proxy')
  await supervisor.stopServers()
  await rm(directory, {recursive: true, force: true})
})

/**
 * A stand-in for the proxy: one process that only waits, under the command line by which the proxy is known. A shell would not
 * do: what it forks has its command line until it becomes the other program, and is counted too.
 */
const sleeper = (fingerprint = 'f1'): ServiceDefinition => ({
  name: 'proxy',
  argv: ['tail', '-F', path.join(layout.configurations, 'f1', 'start-proxy.cjs')],
  env: {PATH: '/bin:/usr/bin'},
  cwd: directory,
  logFile: path.join(layout.logs, 'proxy.log'),
  fingerprint,
})

describe('services', () => {
  it('run until they are stopped, and are known with their fingerprint', async () => {
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
    await supervisor.start(sleeper())
    expect(await supervisor.status('proxy')).toMatchObject({state: 'running', fingerprint: 'f1'})
    expect(await supervisor.countProcesses()).toBe(1)
    await supervisor.stop('proxy')
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
    expect(await supervisor.countProcesses()).toBe(0)
  })

  it('whose pid now belongs to another program are stopped, and that program is never signalled', async () => {
    const bystander = await host.commands.startDetached(['sleep', '60'], {
      cwd: directory,
      env: {PATH: '/bin:/usr/bin'},
      logFile: path.join(directory, 'log'),
    })
    const record = {pid: bystander, startTime: 'another boot/1', fingerprint: 'f1'}
    await host.files.write(path.join(layout.run, 'proxy.json'), JSON.stringify(record))
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
    await supervisor.stop('proxy')
    expect(await host.processes.startTime(bystander)).toBeDefined()
    await host.processes.signal(bystander, 'SIGKILL')
  })

  it.each([
    ['is missing', undefined],
    ['is cut off', '{"pid": 12'],
    ['says something else', '{"pid": "all"}'],
    ['is binary', '\u0000\u0001'],
  ])('are found by their command line when their record %s', async (_, text) => {
    await supervisor.start(sleeper())
    const file = path.join(layout.run, 'proxy.json')
    if (text === undefined) await host.files.remove(file)
    else await host.files.write(file, text)
    const found = await supervisor.status('proxy')
    expect(found).toMatchObject({state: 'running', fingerprint: undefined})
    await supervisor.stop('proxy')
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
  })

  it('of which one is the front are told apart by their files', async () => {
    const argv = ['tail', '-F', path.join(layout.configurations, 'front-f1', 'caddy.json')]
    await supervisor.start({...sleeper(), name: 'front', argv})
    await host.files.remove(path.join(layout.run, 'front.json'))
    expect(await supervisor.status('front')).toMatchObject({state: 'running'})
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
    await supervisor.stop('front')
    expect(await supervisor.countProcesses()).toBe(0)
  })

  it('leave alone what only has a file of the hub open', async () => {
    const log = path.join(layout.logs, 'hub.log')
    await host.files.write(log, '')
    const reader = await host.commands.startDetached(['tail', '-f', log], {
      cwd: directory,
      env: {PATH: '/bin:/usr/bin'},
      logFile: path.join(directory, 'log'),
    })
    expect(await supervisor.countProcesses()).toBe(0)
    expect(await supervisor.stopServers()).toBe(0)
    expect(await host.processes.startTime(reader)).toBeDefined()
    await host.processes.signal(reader, 'SIGKILL')
  })

  it('of users are ended with what they put into the background', async () => {
    const env = {PATH: '/bin:/usr/bin', HOME: path.join(layout.homes, 'ana')}
    await host.commands.startDetached(['sh', '-c', 'sleep 60 & sleep 61 & wait'], {
      cwd: directory,
      env,
      logFile: path.join(directory, 'log'),
    })
    while ((await supervisor.countProcesses()) < 3) await host.clock.sleep(10)
    expect(await supervisor.stopServers()).toBe(3)
    expect(await supervisor.countProcesses()).toBe(0)
  })
})
