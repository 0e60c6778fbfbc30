import {once} from 'node:events'
import {connect} from 'node:net'
import {createServer} from 'node:tls'
import {expect, it} from 'vitest'
import {listen} from '../../fakes/listen.js'

it('stops at once, also while somebody is connected who says nothing', async () => {
  const server = createServer()
  const served = await listen(server)
  const accepted = once(server, 'connection')
  const silent = connect(Number(new URL(served.url.replace('https', 'http')).port), '127.0.0.1')
  silent.on('error', () => undefined)
  await accepted
  await served.stop()
  expect(server.listening).toBe(false)
  silent.destroy()
}, 30_000)
