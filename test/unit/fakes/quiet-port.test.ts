import {createServer} from 'node:net'
import {expect, it} from 'vitest'
import {listen} from '../../fakes/listen.js'
import {innerPort, quietPort} from '../../fakes/quiet-port.js'

it('gives a port once, also while nobody listens there', async () => {
  const narrow = {from: 17_000, below: 17_012}
  const given = new Set<number>()
  for (;;) {
    const port = await quietPort(narrow).catch(() => undefined)
    if (port === undefined) break
    expect(given).not.toContain(port)
    given.add(port)
  }
  for (const port of given) await (await listen(createServer(), {port})).stop()
})

it('gives a fake machine the same two ports each time', async () => {
  const hub = await innerPort()
  const proxy = await innerPort({without: [hub]})
  expect(proxy).not.toBe(hub)
  expect([await innerPort(), await innerPort({without: [hub]})]).toEqual([hub, proxy])
})
