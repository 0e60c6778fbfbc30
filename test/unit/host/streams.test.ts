import {once} from 'node:events'
import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {describe, expect, it} from 'vitest'
import {JhubError, messageOf} from '../../../src/errors.js'
import {realHost} from '../../../src/host/real-host.js'

const {commands, tunnels} = realHost()
const node = (code: string) => [process.execPath, '-e', code]
const failureOf = async (action: Promise<unknown>) => (await action.catch((error: unknown) => error)) as JhubError

describe('what one program feeds to another', () => {
  const countsTo = (count: number) =>
    node(
      `let n = 0; process.stdin.on('data', (d) => n += d.length).on('end', () => process.exit(n === ${String(count)} ? 0 : 3))`,
    )
  const says = (count: number) => node(`process.stdout.write('x'.repeat(${String(count)}))`)

  it('goes through, however much it is and through how many', async () => {
    await commands.pipe([says(3_000_000), countsTo(3_000_000)])
    const half = node('process.stdin.on("data", (d) => process.stdout.write(d.subarray(0, Math.floor(d.length / 2))))')
    const lines: string[] = []
    const counts = node(
      'let n = 0; process.stdin.on("data", (d) => n += d.length).on("end", () => console.log(n < 20))',
    )
    await commands.pipe([says(10), half, half, counts], {onLine: (line) => lines.push(line)})
    expect(lines).toEqual(['true'])
  })

  it('tells each line of what they complain about', async () => {
    const lines: string[] = []
    const talks = node('console.error("3"); console.error("4"); process.stdin.pipe(process.stdout)')
    await commands.pipe([says(7), talks, countsTo(7)], {onLine: (line) => lines.push(line)})
    expect(lines).toEqual(['3', '4'])
  })

  it('fails with the words of the program that ended badly for a reason of its own', async () => {
    const source = await failureOf(
      commands.pipe([node('console.error("no such image"); process.exit(1)'), countsTo(0)]),
    )
    expect(source.code).toBe('JHUB-E201')
    expect(messageOf(source.cause)).toBe('no such image')
    const expectsMore = node('process.stdin.resume().on("end", () => { console.error("cut short"); process.exit(1) })')
    const half = node('process.stdout.write("half"); console.error("no room to prepare it"); process.exitCode = 1')
    expect(messageOf((await failureOf(commands.pipe([half, expectsMore]))).cause)).toBe('no room to prepare it')
    const full = node('console.error("disk is full"); process.exit(1)')
    const broken = node(
      'process.stdout.on("error", () => { console.error("EPIPE"); process.exit(141) }); process.stdin.pipe(process.stdout)',
    )
    for (const programs of [
      [['yes'], full],
      [['yes'], ['cat'], full],
      [['yes'], broken, full],
    ])
      expect(messageOf((await failureOf(commands.pipe(programs))).cause)).toBe('disk is full')
    for (const programs of [
      [['no-such-program'], countsTo(0)],
      [says(1), ['no-such-program']],
    ]) {
      const missing = await failureOf(commands.pipe(programs))
      expect([missing.code, messageOf(missing.cause)]).toEqual(['JHUB-E201', 'spawn no-such-program ENOENT'])
    }
  })

  it('is ended when none of them says anything any more', async () => {
    const silent = node('process.stdout.write("half"); setInterval(() => 0, 1000)')
    const failure = await failureOf(commands.pipe([silent, countsTo(0)], {stallMs: 300}))
    expect(failure.code).toBe('JHUB-E501')
    expect(messageOf(failure.cause)).toContain('nothing was heard for 0.3 s')
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const running = failureOf(commands.pipe([node('setInterval(() => 0, 1000)'), countsTo(0)], {signal: stop.signal}))
    stop.abort(new Error('Ctrl-C'))
    expect((await running).message).toBe('Ctrl-C')
  })
})

describe('an endpoint of this process', () => {
  it('is on the loopback address, and hands over what comes', async () => {
    const port = await tunnels.open((socket) => {
      socket.end('hello')
    })
    const client = connect(port, '127.0.0.1')
    expect(await text(client)).toBe('hello')
  })

  it('closes behind a caller who breaks off, and stays open for the next', async () => {
    const port = await tunnels.open((socket) => {
      socket.write('hello')
    })
    for (const client of [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]) {
      await once(client, 'data')
      client.resetAndDestroy()
    }
  })
})
