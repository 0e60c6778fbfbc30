import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {chown, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {machineLayout, type Layout} from '../../../../../../src/engines/vm/machines/layout.js'
import {detachedSupervisor} from '../../../../../../src/engines/vm/services/detached/detached-supervisor.js'
import type {ServiceDefinition, Supervisor} from '../../../../../../src/engines/vm/services/supervisor.js'
import {realHost} from '../../../../../../src/host/real-host.js'
import {assets} from '../../../../../fakes/engine-world.js'

const host = realHost()
let directory: string
let layout: Layout
let supervisor: Supervisor

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-supervisor-'))
  layout = machineLayout(path.join(directory, 'state'), path.join(directory, 'data'))
  supervisor = detachedSupervisor({
    host,
    layout,
    keeper: () => readFile(path.join(assets, 'vm', 'keep-running.sh'), 'utf8'),
    holder: () => readFile(path.join(assets, 'vm', 'hold-ports.py'), 'utf8'),
  })
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

/** A stand-in for the hub, known by its configuration. */
const hub = (): ServiceDefinition => ({
  ...sleeper(),
  name: 'hub',
  argv: ['tail', '-F', path.join(layout.configurations, 'f1', 'jupyterhub_config.py')],
})

async function running(name: ServiceDefinition['name']) {
  const state = await supervisor.status(name)
  if (state.state === 'stopped') throw new Error(`the ${name} does not run`)
  return state
}

async function hasLoopback6(): Promise<boolean> {
  return (await host.processes.portState(0, '::1')).state === 'free'
}

/** Waits until a service runs as another process, and its parent has noted which. */
async function runningAgain(name: ServiceDefinition['name'], before: number) {
  for (;;) {
    const state = await supervisor.status(name)
    if (state.state === 'running' && state.pid !== before && state.fingerprint !== undefined) return state
    await host.clock.sleep(20)
  }
}

describe('services', () => {
  it('run until they are stopped, and are known with their fingerprint', async () => {
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
    await supervisor.start(sleeper())
    expect(await supervisor.status('proxy')).toMatchObject({state: 'running', fingerprint: 'f1'})
    // A program that has just begun has the words of its parent for a moment, or none.
    await vi.waitFor(async () => expect(await supervisor.countProcesses()).toBe(2), {timeout: 60_000})
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

  it('come back when they are killed, and end when they are stopped', async () => {
    await supervisor.start(sleeper())
    const before = await running('proxy')
    await host.processes.signal(before.pid, 'SIGKILL')
    const after = await runningAgain('proxy', before.pid)
    expect(after).toMatchObject({fingerprint: 'f1', generation: before.generation})
    await supervisor.stop('proxy')
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
    expect(await supervisor.countProcesses()).toBe(0)
  })

  it('come back when they end by themselves and without an error, as a hub that an admin shuts down', async () => {
    const ends = 'trap "exit 0" TERM; while :; do sleep 0.1; done'
    await supervisor.start({...hub(), argv: ['sh', '-c', ends, ...hub().argv.slice(2)]})
    const before = await running('hub')
    await host.processes.signal(before.pid, 'SIGTERM')
    await runningAgain('hub', before.pid)
    await supervisor.stop('hub')
    expect(await supervisor.countProcesses()).toBe(0)
  })

  it('have their ports held while they are killed and started again, and no longer than they are wanted', async () => {
    const port = await host.processes.freePort()
    const listeners = [{address: '127.0.0.1', port}, ...((await hasLoopback6()) ? [{address: '::1', port}] : [])]
    await supervisor.start({...sleeper(), listeners, python: '/usr/bin/python3'})
    expect(await supervisor.heldPorts()).toEqual([port])
    const {pid} = await running('proxy')
    const held = await Promise.all(
      [3, 4].slice(0, listeners.length).map((fd) => readlink(`/proc/${String(pid)}/fd/${String(fd)}`)),
    )
    expect(held.every((target) => target.startsWith('socket:'))).toBe(true)
    process.kill(pid, 'SIGKILL')
    const taken = new Set<string>()
    const isAgain = async () => {
      const state = await supervisor.status('proxy')
      return state.state === 'running' && state.pid !== pid
    }
    while (!(await isAgain()))
      for (const {address} of listeners) taken.add((await host.processes.portState(port, address)).state)
    expect([...taken]).toEqual(['used'])
    await supervisor.stop('proxy')
    expect(await supervisor.heldPorts()).toEqual([])
    expect((await host.processes.portState(port, '127.0.0.1')).state).toBe('free')
  })

  it('say so when somebody else has their port', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const {port} = other.address() as AddressInfo
    const listeners = [{address: '127.0.0.1', port}]
    await writeFile(sleeper().logFile, 'A line of the day before.\n')
    await expect(supervisor.start({...sleeper(), listeners, python: '/usr/bin/python3'})).rejects.toMatchObject({
      code: 'JHUB-E206',
      cause: {message: expect.stringMatching(new RegExp(`^The ports ${String(port)} cannot be listened at`)) as string},
    })
    expect(await readFile(sleeper().logFile, 'utf8')).toContain(`The ports ${String(port)} cannot be listened at`)
    await new Promise((resolve) => other.close(resolve))
  })

  it('are not started with signals that they ignore: a terminal below them needs Ctrl-C', async () => {
    await supervisor.start(sleeper())
    const status = await readFile(`/proc/${String((await running('proxy')).pid)}/status`, 'utf8')
    expect(/^SigIgn:\s*0+$/m.test(status)).toBe(true)
  })

  it('the hub is started anew with a proxy that came back', async () => {
    await supervisor.start(sleeper())
    await supervisor.start(hub())
    const [proxyBefore, hubBefore] = [await running('proxy'), await running('hub')]
    await host.processes.signal(proxyBefore.pid, 'SIGKILL')
    await runningAgain('proxy', proxyBefore.pid)
    await runningAgain('hub', hubBefore.pid)
  })

  it('whose parent was killed run on, are taken for something else than they should be, and are stopped', async () => {
    await supervisor.start(sleeper())
    const {pid, generation} = await running('proxy')
    await host.processes.signal(Number(generation), 'SIGKILL')
    await expect.poll(() => running('proxy')).toMatchObject({pid, fingerprint: undefined})
    await supervisor.stop('proxy')
    expect(await supervisor.countProcesses()).toBe(0)
  })

  it('the hub ends what it had started before, when it comes back', async () => {
    const python = path.join(layout.environments, 'hub-1', 'bin', 'python')
    await host.files.makeDirectory(path.dirname(python))
    await symlink((await host.commands.run(['python3', '-c', 'import sys; print(sys.executable)'])).stdout, python)
    const config = path.join(layout.configurations, 'f1', 'jupyterhub_config.py')
    const serve = ['-m', 'http.server', '--bind', '127.0.0.1', '0']
    await supervisor.start({...hub(), argv: [python, '-c', 'import time; time.sleep(60)', config]})
    const before = await running('hub')
    const culler = await host.commands.startDetached([python, ...serve], {
      cwd: directory,
      env: {PATH: '/bin:/usr/bin'},
      logFile: path.join(directory, 'log'),
    })
    await host.processes.signal(before.pid, 'SIGKILL')
    await runningAgain('hub', before.pid)
    expect(await host.processes.startTime(culler)).toBeUndefined()
  })

  it('that a killed hub had started are ended with it, and so is whatever runs from a program of the hub', async () => {
    const python = path.join(layout.environments, 'hub-1', 'bin', 'python')
    const tool = path.join(layout.root, 'tools', 'tool')
    for (const [link, program] of [
      [python, (await host.commands.run(['python3', '-c', 'import sys; print(sys.executable)'])).stdout],
      [tool, '/bin/sleep'],
    ] as const) {
      await host.files.makeDirectory(path.dirname(link))
      await symlink(program, link)
    }
    const start = (...argv: string[]) =>
      host.commands.startDetached(argv, {
        cwd: directory,
        env: {PATH: '/bin:/usr/bin'},
        logFile: path.join(directory, 'log'),
      })
    // As the idle culler runs: a module of the hub's own Python.
    const culler = await start(python, '-m', 'http.server', '--bind', '127.0.0.1', '0')
    const other = await start(tool, '60')
    expect(await supervisor.countProcesses()).toBe(2)
    await supervisor.stop('hub')
    expect(await host.processes.startTime(culler)).toBeUndefined()
    expect(await supervisor.stopServers()).toBe(1)
    expect(await host.processes.startTime(other)).toBeUndefined()
    expect(await supervisor.countProcesses()).toBe(0)
  })

  it('of which one is the HTTPS proxy are told apart by their files', async () => {
    const argv = ['tail', '-F', path.join(layout.configurations, 'front-f1', 'caddy.json')]
    await supervisor.start({...sleeper(), name: 'https', argv})
    await host.files.remove(path.join(layout.run, 'front.json'))
    expect(await supervisor.status('https')).toMatchObject({state: 'running'})
    expect(await supervisor.status('proxy')).toEqual({state: 'stopped'})
    await supervisor.stop('https')
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

  it.skipIf(process.getuid?.() !== 0)('of users with accounts of their own are ended, and nobody else', async () => {
    const [ana, stranger] = [64_123, 64_124]
    await mkdir(path.join(layout.homes, 'ana'), {recursive: true})
    await chown(path.join(layout.homes, 'ana'), ana, ana)
    const start = async (uid: number, argv0: string) => {
      const started = spawn('/bin/sleep', ['60'], {argv0, uid, gid: uid, cwd: '/'})
      await once(started, 'spawn')
      return started
    }
    const program = path.join(layout.environments, 'user-1', 'bin', 'python')
    const servers = [await start(ana, program), await start(ana, path.join(layout.run, 'keep-running.sh'))]
    const posing = await start(stranger, program)
    expect(await supervisor.environmentsInUse()).toEqual([path.join(layout.environments, 'user-1')])
    expect(await supervisor.countProcesses()).toBe(servers.length)
    expect(await supervisor.stopServers()).toBe(servers.length)
    expect(await supervisor.countProcesses()).toBe(0)
    expect(posing.exitCode ?? posing.signalCode).toBeNull()
    posing.kill('SIGKILL')
  })
})
