import {once} from 'node:events'
import {connect} from 'node:net'
import {Transform, type Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import {describe, expect, it, vi} from 'vitest'
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

  it('goes through, however much it is, and through a stream of ours', async () => {
    await commands.pipe(says(3_000_000), countsTo(3_000_000))
    const halved = (said: Readable) =>
      said.pipe(
        new Transform({
          transform(chunk: Buffer, _encoding, done) {
            done(null, chunk.subarray(0, 0))
          },
        }),
      )
    await commands.pipe(says(1000), countsTo(0), {through: halved})
  })

  it('fails with the words of the program that ended badly', async () => {
    const source = await failureOf(commands.pipe(node('console.error("no such image"); process.exit(1)'), countsTo(0)))
    expect(source.code).toBe('JHUB-E201')
    expect(messageOf(source.cause)).toBe('no such image')
    const expectsMore = node('process.stdin.resume().on("end", () => { console.error("cut short"); process.exit(1) })')
    const half = node('process.stdout.write("half"); console.error("no room to prepare it"); process.exitCode = 1')
    expect(messageOf((await failureOf(commands.pipe(half, expectsMore))).cause)).toBe('no room to prepare it')
    const sink = await failureOf(commands.pipe(says(3_000_000), node('console.error("disk is full"); process.exit(1)')))
    expect(messageOf(sink.cause)).toBe('disk is full')
    expect((await failureOf(commands.pipe(['no-such-program'], countsTo(0)))).code).toBe('JHUB-E201')
  })

  it('is ended when nothing comes through any more', async () => {
    const silent = node('process.stdout.write("half"); setInterval(() => 0, 1000)')
    const failure = await failureOf(commands.pipe(silent, countsTo(0), {stallMs: 300}))
    expect(failure.code).toBe('JHUB-E501')
    expect(messageOf(failure.cause)).toContain('nothing was heard for 0.3 s')
  })

  it('goes on while a stream of ours takes what comes and lets nothing of it through', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
    try {
      let passed = 0
      const slowlyNothing = (said: Readable) =>
        said.pipe(
          new Transform({
            transform(_chunk, _encoding, done) {
              passed += 100
              vi.advanceTimersByTime(100)
              done()
            },
          }),
        )
      await commands.pipe(says(10_000_000), countsTo(0), {through: slowlyNothing, stallMs: 5000})
      expect(passed).toBeGreaterThan(10_000)
    } finally {
      vi.useRealTimers()
    }
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const running = failureOf(commands.pipe(node('setInterval(() => 0, 1000)'), countsTo(0), {signal: stop.signal}))
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
