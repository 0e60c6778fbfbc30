import {mkdtemp, readFile, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {agentOver, type Agent} from '../../../../../src/engines/vm/remote/agent.js'
import {remoteFiles} from '../../../../../src/engines/vm/remote/remote-files.js'
import {remoteRun} from '../../../../../src/engines/vm/remote/remote-run.js'
import type {Conversation} from '../../../../../src/host/processes/conversations.js'
import {realHost} from '../../../../../src/host/real-host.js'
import {assets} from '../../../../fakes/engine-world.js'

const host = realHost()
let directory: string
let agent: Agent
let talks: Conversation[]

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-agent-'))
  talks = []
  agent = agentOver({
    where: 'this machine',
    program: () => readFile(path.join(assets, 'vm', 'jhub_agent.py'), 'utf8'),
    open: async (argv, listener) => {
      const talk = host.commands.converse(argv, listener)
      talks.push(talk)
      return talk
    },
  })
})
afterEach(async () => {
  for (const talk of talks) talk.close()
  await rm(directory, {recursive: true, force: true})
})

describe('directories on a machine behind the agent', () => {
  it('have the mode asked for, though the umask there would take it away', async () => {
    const strict = agentOver({
      where: 'this machine',
      program: () => readFile(path.join(assets, 'vm', 'jhub_agent.py'), 'utf8'),
      open: async (argv, listener) => {
        const talk = host.commands.converse(['sh', '-c', 'umask 077; exec "$@"', 'sh', ...argv], listener)
        talks.push(talk)
        return talk
      },
    })
    await remoteFiles(strict).makeDirectory(path.join(directory, 'one', 'two'), {mode: 0o711})
    const modes = await Promise.all(['one', 'one/two'].map((name) => stat(path.join(directory, name))))
    expect(modes.map(({mode}) => mode & 0o777)).toEqual([0o711, 0o711])
  })
})

describe('names on a machine behind the agent', () => {
  it('are looked up there, and one that leads nowhere has no address', async () => {
    expect(await agent.ask('lookUp', {name: 'localhost'})).toContain('127.0.0.1')
    expect(await agent.ask('lookUp', {name: 'nowhere.invalid'})).toEqual([])
  })
})

describe('programs on a machine behind the agent', () => {
  const run = (argv: readonly string[], options = {}) => remoteRun(agent, argv, options)

  it('are given their words, input, variables and place as they are, and answer with both outputs', async () => {
    const words = ['sh', '-c', 'echo "$1"; cat; echo "$SECRET" >&2; pwd', 'sh', `it's "$HOME" \\ 100%`]
    const answer = await run(words, {stdin: 'by input\n', env: {SECRET: 'ä'}, cwd: directory})
    expect(answer).toEqual({stdout: `it's "$HOME" \\ 100%\nby input\n${directory}`, stderr: 'ä', exitCode: 0})
  })

  it.runIf(process.platform === 'linux')('are the first to end when memory runs out', async () => {
    const until = 'until [ "$(cat /proc/self/oom_score_adj)" -ge 500 ]; do sleep 0.1; done; echo so'
    expect((await run(['sh', '-c', until], {timeoutMs: 60_000})).stdout).toBe('so')
  })

  it('may take as long as a clock can wait', async () => {
    expect((await run(['sh', '-c', 'sleep 0.3; echo over'], {timeoutMs: 2 ** 31 - 1})).stdout).toBe('over')
  })

  it.each([
    ['end badly', ['sh', '-c', 'echo no room >&2; exit 3'], {}, 'JHUB-E201', 'ended with exit code 3'],
    ['the kernel ends', ['sh', '-c', 'kill -9 $$'], {}, 'JHUB-E201', 'ended with exit code 137'],
    ['are not there', ['/no/such/program'], {}, 'JHUB-E201', 'could not be run'],
    ['take too long', ['sleep', '30'], {timeoutMs: 200}, 'JHUB-E501', 'did not end in time'],
  ])('that %s are told as such', async (_, argv, options, code, words) => {
    const failure = await run(argv, options).catch((error: unknown) => error)
    expect(failure).toMatchObject({code, message: expect.stringContaining(words) as string})
  })

  it('that the kernel ends come with what to do where memory ran out', async () => {
    const failure = await run(['sh', '-c', 'kill -9 $$']).catch((error: unknown) => error)
    expect(failure).toMatchObject({suggestions: [expect.stringContaining('stop what needs memory') as string]})
  })

  it('say each line as it comes, and end when they are no longer wanted', async () => {
    const lines: string[] = []
    const stop = new AbortController()
    const running = run(['sh', '-c', 'echo one; sleep 30 & echo two; wait'], {
      signal: stop.signal,
      onLine(line: string) {
        lines.push(line)
        if (lines.length === 2) stop.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
    expect(lines).toEqual(['one', 'two'])
  })

  it('end with the conversation', async () => {
    const mark = path.join(directory, 'pid')
    const running = run(['sh', '-c', `echo $$ > ${mark}; sleep 60`]).catch((error: unknown) => error)
    while (((await host.files.read(mark)) ?? '').trim() === '') await host.clock.sleep(10)
    const pid = Number(await host.files.read(mark))
    talks[0]?.close()
    expect(await running).toMatchObject({code: 'JHUB-E215'})
    while ((await host.processes.startTime(pid)) !== undefined) await host.clock.sleep(10)
    expect((await run(['echo', 'again'])).stdout).toBe('again')
  })
})

describe('files on a machine behind the agent', () => {
  it('are what files of this machine are', async () => {
    const files = remoteFiles(agent)
    const place = (...parts: string[]) => path.join(directory, ...parts)
    expect(await files.read(place('a'))).toBeUndefined()
    expect(await files.list(place('a'))).toBeUndefined()
    expect(await files.stat(place('a', 'b'))).toBeUndefined()
    await files.makeDirectory(place('d', 'e'), {mode: 0o711})
    expect((await stat(place('d'))).mode & 0o777).toBe(0o711)
    await files.write(place('d', 'f'), 'söme\ntext', {mode: 0o600})
    const [here, there] = [await host.files.stat(place('d', 'f')), await files.stat(place('d', 'f'))]
    // Node and Python round the nanoseconds of a file's time each in its own way.
    expect(here).toEqual({...there, modifiedMs: expect.closeTo(there?.modifiedMs ?? 0, 1) as number})
    expect(await files.read(place('d', 'f'))).toBe('söme\ntext')
    await files.append(place('d', 'f'), '!')
    expect(await files.readFrom(place('d', 'f'), -1)).toEqual({text: '!', end: 11})
    expect(await files.list(place('d'))).toEqual(['e', 'f'])
    await files.rename(place('d', 'f'), place('g'))
    await files.setMode(place('g'), 0o640)
    expect((await files.stat(place('g')))?.mode).toBe(0o640)
    await files.remove(place('d'))
    await files.remove(place('nothing'))
    expect(await files.list(directory)).toEqual(['g'])
    expect(await files.freeBytes(place('not', 'yet'))).toBeGreaterThan(0)
  })

  it('are removed however deep they go', async () => {
    const deep =
      'import os, sys\nos.mkdir(sys.argv[1]); os.chdir(sys.argv[1])\nfor _ in range(3000): os.mkdir("d"); os.chdir("d")'
    await host.commands.run(['python3', '-c', deep, path.join(directory, 'tree')])
    await remoteFiles(agent).remove(path.join(directory, 'tree'))
    expect(await host.files.list(directory)).toEqual([])
  })

  it('are told in one short line when they cannot be', async () => {
    const failure: unknown = await agent.ask('list', {path: `/${'x\n'.repeat(1000)}`}).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect((failure as Error).message).not.toContain('\n')
    expect((failure as Error).message.length).toBeLessThanOrEqual(400)
  })

  it('that cannot be used are told with their path', async () => {
    const files = remoteFiles(agent)
    await files.write(path.join(directory, 'file'), '')
    await expect(files.write(path.join(directory, 'file', 'x'), '')).rejects.toMatchObject({
      code: 'JHUB-E202',
      message: expect.stringContaining(path.join(directory, 'file', 'x')) as string,
    })
  })

  it('are unpacked in one piece', async () => {
    await host.files.write(path.join(directory, 'from', 'sub', 'x.js'), 'code')
    await host.files.write(path.join(directory, 'from', 'test', 'y.js'), 'left out')
    const archive = await host.archives.pack([{name: 'm', path: path.join(directory, 'from'), without: ['test']}])
    await agent.unpack(path.join(directory, 'to'), archive)
    expect(await host.files.read(path.join(directory, 'to', 'm', 'sub', 'x.js'))).toBe('code')
    expect(await host.files.list(path.join(directory, 'to', 'm'))).toEqual(['sub'])
  })
})

describe('a machine that takes requests and answers none, as one that was paused', () => {
  it('is given up after the time of the request, and asked anew by the next', async () => {
    let isSilent = true
    const paused = agentOver({
      where: 'container x',
      silentMs: 20,
      program: () => readFile(path.join(assets, 'vm', 'jhub_agent.py'), 'utf8'),
      open: async (argv, listener) => {
        const talk = host.commands.converse(isSilent ? ['sleep', '600'] : argv, listener)
        talks.push(talk)
        return talk
      },
    })
    const asking = remoteRun(paused, ['true'], {timeoutMs: 30})
    await expect(asking).rejects.toMatchObject({
      code: 'JHUB-E215',
      message: 'No answer came from container x',
    })
    isSilent = false
    expect((await remoteRun(paused, ['echo', 'awake'])).stdout).toBe('awake')
  })
})

describe('a machine that is not there', () => {
  it('has no files and runs nothing', async () => {
    const nowhere = agentOver({where: 'container x', program: async () => '', open: async () => undefined})
    expect(await nowhere.isThere()).toBe(false)
    expect(await remoteFiles(nowhere).read('/etc/passwd')).toBeUndefined()
    await expect(remoteRun(nowhere, ['true'])).rejects.toMatchObject({code: 'JHUB-E201'})
  })
})
