import {spawn, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import type {JhubError} from '../../../src/errors.js'
import {realHost} from '../../../src/host/real-host.js'
import {realLocks} from '../../../src/host/files/real-locks.js'
import {waitUntil} from '../../../src/steps/wait-until.js'

const {files, checksums, commands, names, processes, locks, clock} = realHost()
// Linux alone says where an open file is.
const exchanges = ['a link', 'a pipe', ...(process.platform === 'linux' ? ['a link above it'] : [])]
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-host-'))
})
afterEach(() => rm(directory, {recursive: true, force: true}))

const at = (name: string) => path.join(directory, name)
const failureOf = (action: Promise<unknown>) =>
  action.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('files', () => {
  it('are replaced in one piece, with their mode, and leave no other file behind', async () => {
    await files.write(at('a/b/secret.json'), 'one', {mode: 0o600})
    await files.write(at('a/b/secret.json'), 'two', {mode: 0o600})
    expect(await files.read(at('a/b/secret.json'))).toBe('two')
    expect((await stat(at('a/b/secret.json'))).mode & 0o777).toBe(0o600)
    expect(await files.list(at('a/b'))).toEqual(['secret.json'])
  })

  it.runIf(process.platform === 'linux')('of a process that has ended since they were opened are nothing', async () => {
    // `sleep` never waits for the child that it has from the shell: that ends, and its files are still there.
    const script = `cat <&3 & echo $! > '${at('pid')}'; exec sleep 600`
    const child = spawn('sh', ['-c', script], {stdio: ['ignore', 'inherit', 'inherit', 'pipe']})
    const holds = (file: string, words: RegExp) =>
      waitUntil(
        async () => {
          const text = (await files.read(file)) ?? ''
          return words.test(text) ? {ready: true} : {notYet: text}
        },
        {what: file, deadlineMs: 60_000, intervalMs: 10, clock},
      )
    try {
      await holds(`/proc/${String(child.pid)}/comm`, /^sleep$/m)
      const pid = (await readFile(at('pid'), 'utf8')).trim()
      child.stdio[3]?.destroy()
      await holds(`/proc/${pid}/status`, /^State:\tZ/m)
      expect(await files.stat(`/proc/${pid}/smaps_rollup`)).toMatchObject({kind: 'file'})
      expect(await files.read(`/proc/${pid}/smaps_rollup`)).toBeUndefined()
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('that are not there are nothing, and removing them is fine', async () => {
    expect(await files.read(at('none'))).toBeUndefined()
    expect(await files.list(at('none'))).toBeUndefined()
    expect(await files.stat(at('none/deeper'))).toBeUndefined()
    await files.remove(at('none'))
  })

  it('are known by the sum of their bytes, whatever they mean as text', async () => {
    await writeFile(at('bytes'), Buffer.from([0xff, 0x00, 0xfe]))
    expect(await checksums.of(at('bytes'))).toBe(
      'sha256:af9ceddc9d8b08ac09e1994bfd20459b5e377425df7354dfce3501992828a5b7',
    )
    expect(await checksums.of(at('none'))).toBeUndefined()
  })

  it.each(exchanges)('are read without following links where others may exchange them: %s', async (kind) => {
    await files.write(at('there/file'), 'data')
    expect(String(await files.readPlainBytes(at('there/file'), 1, 10))).toBe('ata')
    expect(await checksums.ofPlain(at('there/file'))).toBe(await checksums.of(at('there/file')))
    if (kind === 'a link') await symlink(at('there/file'), at('other'))
    else if (kind === 'a link above it') await symlink(at('there'), at('above'))
    else await commands.run(['mkfifo', at('other')])
    const file = kind === 'a link above it' ? at('above/file') : at('other')
    expect(await failureOf(checksums.ofPlain(file))).toMatchObject({code: 'JHUB-E202'})
    expect(await failureOf(files.readPlainBytes(file, 0, 10))).toMatchObject({code: 'JHUB-E202'})
  })

  it('are removed without following links', async () => {
    await files.write(at('kept/file'), 'data')
    await files.makeDirectory(at('tree'))
    await symlink(at('kept'), at('tree/link'))
    await files.remove(at('tree'))
    expect(await files.read(at('kept/file'))).toBe('data')
  })

  it('are removed however deep they go', async () => {
    const deep =
      'import os, sys\nos.mkdir(sys.argv[1]); os.chdir(sys.argv[1])\nfor _ in range(3000): os.mkdir("d"); os.chdir("d")'
    await commands.run(['python3', '-c', deep, at('tree')])
    await files.remove(at('tree'))
    expect(await files.list(directory)).toEqual([])
  })

  it('that `rm` cannot remove are told in one short sentence, however much it says', async () => {
    const deep =
      'import os, sys\nos.mkdir(sys.argv[1]); os.chdir(sys.argv[1])\nfor _ in range(3000): os.mkdir("d"); os.chdir("d")'
    await commands.run(['python3', '-c', deep, at('tree')])
    const below = '/d'.repeat(2000)
    const rm = `#!/bin/sh\nfor n in 1 2 3; do echo "rm: cannot remove 'tree${below}': Operation not permitted" >&2; done; exit 1\n`
    await files.write(at('bin/rm'), rm, {mode: 0o755})
    vi.stubEnv('PATH', `${at('bin')}:${process.env['PATH'] ?? ''}`)
    try {
      const failure = (await failureOf(files.remove(at('tree')))) as JhubError
      expect(failure).toMatchObject({
        code: 'JHUB-E202',
        message: expect.stringContaining(`${at('tree')} could not be removed: rm: cannot remove`) as string,
        suggestions: [expect.stringContaining(`ls -ld ${directory}`)],
      })
      expect(failure.message.length).toBeLessThan(600)
    } finally {
      vi.unstubAllEnvs()
    }
    await files.remove(at('tree'))
  })

  it('are made with the mode asked for, though the umask would take it away, and what was there stays', async () => {
    await mkdir(at('there'), {mode: 0o700})
    const before = process.umask(0o077)
    try {
      await files.makeDirectory(at('there/one/two'), {mode: 0o711})
      await files.makeDirectory(at('private'))
    } finally {
      process.umask(before)
    }
    const modes = await Promise.all(
      ['there', 'there/one', 'there/one/two', 'private'].map((name) => files.stat(at(name))),
    )
    expect(modes.map((facts) => facts?.mode)).toEqual([0o700, 0o711, 0o711, 0o700])
  })

  it('say in words what is in the way', async () => {
    await writeFile(at('file'), '')
    expect(await failureOf(files.write(at('file/below'), 'x'))).toMatchObject({code: 'JHUB-E202'})
    expect(await failureOf(files.makeDirectory(at('file')))).toMatchObject({code: 'JHUB-E202'})
  })

  it('whose path leads nowhere are told in a sentence', async () => {
    await symlink('ring', at('ring'))
    expect(await failureOf(files.read(at('ring')))).toMatchObject({
      code: 'JHUB-E202',
      message: `${at('ring')} is a link that points at itself`,
    })
    expect(await failureOf(files.realPath(at('a\0b')))).toMatchObject({
      code: 'JHUB-E202',
      message: `${at('a\0b')} cannot be the name of a file`,
    })
  })

  it('are read from the end and followed from there', async () => {
    await files.append(at('log'), 'one\ntwo\n')
    const first = await files.readFrom(at('log'), -4)
    expect(first).toEqual({text: 'two\n', end: 8})
    await files.append(at('log'), 'three\n')
    expect((await files.readFrom(at('log'), first?.end ?? 0))?.text).toBe('three\n')
  })

  it('know the room left, also below a directory that is not there yet', async () => {
    expect(await files.freeBytes(at('not/yet/there'))).toBeGreaterThan(0)
  })
})

describe('commands', () => {
  it('give both outputs and read standard input', async () => {
    const answer = await commands.run(['sh', '-c', 'cat; echo err >&2'], {stdin: 'hello'})
    expect(answer).toMatchObject({stdout: 'hello', stderr: 'err', exitCode: 0})
  })

  it('tell what failed with its last words', async () => {
    const failure = await failureOf(commands.run(['sh', '-c', 'echo it is broken >&2; exit 7']))
    expect(failure).toMatchObject({code: 'JHUB-E201', details: {exitCode: 7}})
    expect(String((failure as Error).cause)).toContain('it is broken')
    const killed = await failureOf(commands.run(['sh', '-c', 'kill -9 $$']))
    expect(killed).toMatchObject({
      details: {exitCode: 137},
      message: expect.stringContaining('exit code 137') as string,
      suggestions: [expect.stringContaining('stop what needs memory') as string],
    })
    expect(await failureOf(commands.run(['no-such-program-anywhere']))).toMatchObject({code: 'JHUB-E201'})
    expect(await failureOf(commands.run(['sleep', '30'], {timeoutMs: 50}))).toMatchObject({code: 'JHUB-E501'})
  })

  it('take some exit codes as answers', async () => {
    expect((await commands.run(['sh', '-c', 'exit 1'], {okExitCodes: [0, 1]})).exitCode).toBe(1)
  })

  it.runIf(process.platform === 'linux')('are the first to end when memory runs out', async () => {
    const until = 'until [ "$(cat /proc/self/oom_score_adj)" -ge 500 ]; do sleep 0.1; done; echo so'
    expect((await commands.run(['sh', '-c', until], {timeoutMs: 60_000})).stdout).toBe('so')
  })

  it('stop when they are told to', async () => {
    const controller = new AbortController()
    const running = failureOf(commands.run(['sleep', '30'], {signal: controller.signal}))
    controller.abort(new Error('enough'))
    expect(await running).toMatchObject({message: 'enough'})
  })

  it('are handed over as words, never to a shell', async () => {
    const answer = await commands.run(['printf', '%s', '$(touch pwned); `id`'])
    expect(answer.stdout).toBe('$(touch pwned); `id`')
  })

  it('say why they failed also where there is no directory for their log yet', async () => {
    const logFile = at('not/yet/there.log')
    await expect(commands.run(['sh', '-c', 'echo no such host; exit 1'], {logFile})).rejects.toMatchObject({
      code: 'JHUB-E201',
      cause: expect.objectContaining({message: expect.stringContaining('no such host') as string}) as unknown,
    })
    expect(await readFile(logFile, 'utf8')).toBe('no such host\n')
  })

  it('give their lines as they come', async () => {
    const lines: string[] = []
    await commands.run(['sh', '-c', 'echo one; echo two >&2'], {onLine: (line) => lines.push(line), logFile: at('log')})
    expect(lines.sort()).toEqual(['one', 'two'])
    expect((await readFile(at('log'), 'utf8')).split('\n').sort()).toEqual(['', 'one', 'two'])
  })
})

describe('processes', () => {
  it('outlive us in a session of their own, and are known by when they began', async () => {
    const pid = await commands.startDetached(['sleep', '60'], {
      cwd: directory,
      env: {PATH: '/bin:/usr/bin', HOME: directory},
      logFile: at('log'),
    })
    const began = await processes.startTime(pid)
    expect(began).toBeDefined()
    expect(await processes.startTime(process.pid)).not.toBe(began)
    expect((await processes.list()).find((each) => each.pid === pid)).toMatchObject({
      argv: ['sleep', '60'],
      home: directory,
    })
    expect(await processes.signal(pid, 'SIGKILL')).toBe(true)
    while ((await processes.startTime(pid)) !== undefined) await clock.sleep(10)
    expect(await processes.startTime(2 ** 22 + 1)).toBeUndefined()
  })

  // The second runs with root's rights, as `su` does.
  it.skipIf(process.getuid?.() !== 0)('of other accounts are not listed, whatever they call themselves', async () => {
    await chmod(directory, 0o711)
    await copyFile('/bin/sleep', at('su'))
    await chmod(at('su'), 0o4711)
    const others = ['/bin/sleep', at('su')].map((program) =>
      spawn(program, ['60'], {argv0: at('env/hub-1/bin/python'), uid: 65_534, gid: 65_534, cwd: '/'}),
    )
    await Promise.all(others.map((each) => once(each, 'spawn')))
    const pids = others.map(({pid}) => pid)
    expect((await processes.list()).filter(({pid}) => pids.includes(pid))).toEqual([])
    for (const each of others) each.kill('SIGKILL')
  })

  it('that cannot be started say so', async () => {
    const failure = await failureOf(
      commands.startDetached(['/no/such/program'], {cwd: directory, env: {}, logFile: at('log')}),
    )
    expect(failure).toMatchObject({code: 'JHUB-E201'})
  })

  it('that hold a port are named', async () => {
    const server = createServer()
    const port = await processes.freePort()
    expect(await processes.portState(port, '127.0.0.1')).toEqual({state: 'free'})
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    expect(await processes.portState(port, '127.0.0.1')).toMatchObject({state: 'used', pid: process.pid})
    await new Promise((resolve) => server.close(resolve))
    expect(await processes.portState(port, '203.0.113.9')).toEqual({state: 'no such address'})
  })
})

/** Ends its first thread alone, as Linux ends those of a process one after the other, and listens at the port that it prints. */
const halfEnded = `
import ctypes, socket, threading, time
server = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
print(server.getsockname()[1], flush=True)
ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[__import__("platform").machine()], 0)
`

describe.skipIf(process.platform !== 'linux')('a process of which the first thread has ended', () => {
  it('is there until the others have: its ports are in use', async () => {
    const child = spawn('python3', ['-c', halfEnded], {stdio: ['ignore', 'pipe', 'inherit']})
    const port = Number(String(((await once(child.stdout, 'data')) as [Buffer])[0]))
    const pid = child.pid ?? 0
    const state = async () => /^State:\s*(\w)/m.exec(await readFile(`/proc/${String(pid)}/status`, 'utf8'))?.[1]
    while ((await state()) !== 'Z') await clock.sleep(10)
    expect((await processes.portState(port, '127.0.0.1')).state).toBe('used')
    expect(await processes.startTime(pid)).toBeDefined()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    expect(await processes.startTime(pid)).toBeUndefined()
    expect((await processes.portState(port, '127.0.0.1')).state).toBe('free')
  })
})

describe('locks', () => {
  const options = {
    purpose: 'jhub up',
    timeoutMs: 240_000,
    signal: new AbortController().signal,
    onWait: () => undefined,
  }

  it('are held by one at a time; who waits is told for whom', async () => {
    const order: string[] = []
    const waits: unknown[] = []
    const begun = Promise.withResolvers<undefined>()
    const told = Promise.withResolvers<undefined>()
    const first = locks.hold(at('lock'), options, async () => {
      order.push('first begins')
      begun.resolve(undefined)
      await told.promise
      order.push('first ends')
    })
    await begun.promise
    const onWait = (holder: unknown) => {
      waits.push(holder)
      told.resolve(undefined)
    }
    await locks.hold(at('lock'), {...options, purpose: 'jhub down', onWait}, async () => {
      order.push('second')
    })
    await first
    expect(order).toEqual(['first begins', 'first ends', 'second'])
    expect(waits).toEqual([{purpose: 'jhub up', pid: process.pid, sinceMs: expect.any(Number) as unknown}])
    expect(await files.list(directory)).toEqual([])
  })

  it('are not waited for longer than asked', async () => {
    await locks.hold(at('lock'), options, async () => {
      const failure = await failureOf(locks.hold(at('lock'), {...options, timeoutMs: 300}, async () => undefined))
      expect(failure).toMatchObject({code: 'JHUB-E401', exitCode: 5})
      expect((failure as Error).message).toContain(`\`jhub up\` (process ${String(process.pid)}, since `)
    })
  })

  it('of somebody who was killed are free at once', async () => {
    const holder = await otherProcess()
    const failure = await failureOf(locks.hold(at('lock'), {...options, timeoutMs: 0}, async () => undefined))
    expect(failure).toMatchObject({
      code: 'JHUB-E401',
      message: expect.stringMatching(
        /^`jhub down` \(process \d+, since 2026-01-02 03:04:05\) is still working on this hub/,
      ) as unknown,
    })
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(await locks.hold(at('lock'), {...options, timeoutMs: 0}, async () => 'ours')).toBe('ours')
    expect(await files.list(directory)).toEqual([])
  })

  it('of a process that is silent stay its own', async () => {
    const holder = await otherProcess()
    holder.kill('SIGSTOP')
    const clockOfTomorrow = {...clock, now: () => clock.now() + 86_400_000}
    const failure = await failureOf(
      realLocks(clockOfTomorrow).hold(at('lock'), {...options, timeoutMs: 0}, async () => undefined),
    )
    expect(failure).toMatchObject({code: 'JHUB-E401'})
    holder.kill('SIGKILL')
    await once(holder, 'exit')
  })

  it.skipIf(process.platform !== 'linux')('are held on a full disk too', async () => {
    await symlink('/dev/full', at('lock.holder'))
    expect(await locks.hold(at('lock'), options, async () => 'made room')).toBe('made room')
  })

  it('are one for everybody, though each holder removes the file that the next one opens', async () => {
    let inside = 0
    await Promise.all(
      Array.from({length: 20}, () =>
        locks.hold(at('lock'), options, async () => {
          expect(++inside).toBe(1)
          await clock.sleep(1)
          inside--
        }),
      ),
    )
    expect(await files.list(directory)).toEqual([])
  })

  it('say what is in their place', async () => {
    await files.write(at('lock'), 'a text that somebody wrote there, longer than nothing')
    expect(await failureOf(locks.hold(at('lock'), options, async () => undefined))).toMatchObject({code: 'JHUB-E203'})
    await files.makeDirectory(at('directory'))
    expect(await failureOf(locks.hold(at('directory'), options, async () => undefined))).toMatchObject({
      code: 'JHUB-E202',
    })
  })

  /** Another process that holds the lock until it is killed. */
  async function otherProcess(): Promise<ChildProcess> {
    const holder = spawn(
      process.execPath,
      [
        '-e',
        `const {DatabaseSync} = require('node:sqlite')
        new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE')
        console.log('held')
        setInterval(() => undefined, 1000)`,
        at('lock'),
      ],
      {stdio: ['ignore', 'pipe', 'ignore']},
    )
    await once(holder.stdout, 'data')
    const note = {purpose: 'jhub down', pid: holder.pid, sinceMs: Date.parse('2026-01-02T03:04:05')}
    await files.write(at('lock.holder'), JSON.stringify(note))
    return holder
  }

  it('are given back when the work fails', async () => {
    await expect(locks.hold(at('lock'), options, async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await files.list(directory)).toEqual([])
  })
})

describe('the clock', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('makes no wait longer where somebody sets the time back, and none shorter where it jumps ahead', async () => {
    const hour = 3_600_000
    const began = Date.now()
    const probe = vi.fn().mockResolvedValue({notYet: 'nothing yet'})
    const wait = (deadlineMs: number) =>
      waitUntil<string>(probe, {what: 'it', deadlineMs, intervalMs: 10, clock}).catch(() => 'given up')
    vi.spyOn(Date, 'now').mockImplementation(() => began - hour)
    expect(await wait(50)).toBe('given up')
    let jumped = began
    vi.spyOn(Date, 'now').mockImplementation(() => (jumped += hour))
    probe.mockResolvedValueOnce({notYet: 'nothing yet'}).mockResolvedValueOnce({ready: 'in time'})
    expect(await wait(hour / 2)).toBe('in time')
  })

  it('says what time it is', () => {
    expect(new Date(clock.now()).getFullYear()).toBe(new Date().getFullYear())
  })
})

describe('names', () => {
  it('lead to addresses, or nowhere', async () => {
    expect(await names.lookUp('localhost')).toContain('127.0.0.1')
    expect(await names.lookUp('nowhere.invalid')).toEqual([])
  })
})
