import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {busyHubMs, isHubReady} from '../../../src/jupyterhub/hub-ready.js'

let connections = 0
let answer = ''
let delayMs = 0
const server = createServer((_, response) => {
  setTimeout(() => response.end(answer), delayMs)
})
server.on('connection', () => connections++)
let url = ''
beforeEach(async () => {
  connections = 0
  delayMs = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

describe('whether a hub answers', () => {
  it('is only told by its version', async () => {
    answer = '{"version": "5.5.0"}'
    expect(await isHubReady(url)).toEqual({ready: true, answer: 'HTTP 200'})
    answer = 'something else is here'
    expect(await isHubReady(url)).toEqual({ready: false, answer: 'HTTP 200'})
  })

  it('is asked anew each time, and not of what stood behind the endpoint before', async () => {
    for (let n = 0; n < 3; n++) await isHubReady(url)
    expect(connections).toBe(3)
  })

  it('is waited for longer where a hub that is busy counts as running', async () => {
    answer = '{"version": "5.5.0"}'
    delayMs = 300
    const seen = await isHubReady(url, undefined, 50)
    expect(seen.ready).toBe(false)
    expect(seen.answer).toMatch(/timeout/)
    expect(await isHubReady(url, undefined, busyHubMs)).toEqual({ready: true, answer: 'HTTP 200'})
  })
})
