import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {expect, it} from 'vitest'
import {until, untilDoneBy, untilReached} from '../../e2e/until.js'

const ends = (...answers: readonly (boolean | Error)[]) => {
  const left = [...answers]
  return () => {
    const answer = left.shift() ?? new Error('asked once more than needed')
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
}

it('a wait ends with the first yes', async () => {
  await until('it is so', ends(false, false, true))
})

it.each([until, untilReached])('a wait ends at once with an error of what it asks', async (wait) => {
  await expect(wait('it is so', ends(false, new Error('jhub status ended with 1'), true))).rejects.toThrow(
    'ended with 1',
  )
})

it('a wait for an address goes on while nobody listens there', async () => {
  const server = createServer((_, response) => response.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  let asked = 0
  await untilReached('it answers', async () => {
    if (asked++ === 1) {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    }
    return (await fetch(`http://127.0.0.1:${String(port)}`)).ok
  })
  server.close()
  server.closeAllConnections()
  expect(asked).toBe(2)
})

it.each(['exit 3', 'kill -KILL $$'])('a wait for a program ends with it: %s', async (script) => {
  const program = once(spawn('sh', ['-c', script]), 'exit')
  await expect(untilDoneBy(program, 'it installs', () => Promise.resolve(false))).rejects.toThrow(
    'the program ended before this: it installs',
  )
})
