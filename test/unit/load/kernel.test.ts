import {EventEmitter} from 'node:events'
import {expect, it} from 'vitest'
import type {WebSocket} from 'ws'
import {kernelAt} from '../../../src/load/kernel.js'

const die = {content: {execution_state: 'dead'}}

it.each([
  ['its death', 'the kernel died', (socket: EventEmitter) => socket.emit('message', JSON.stringify(die), false)],
  ['a cut connection', 'the connection to the kernel was cut', (socket: EventEmitter) => socket.emit('close')],
])('a kernel remembers %s between two cells', async (_, words, happen) => {
  const socket = Object.assign(new EventEmitter(), {send: () => undefined, close: () => undefined})
  const kernel = kernelAt(socket as unknown as WebSocket)
  happen(socket)
  await expect(kernel.run('1', AbortSignal.timeout(500))).rejects.toThrow(words)
})
