import {WebSocket} from 'ws'
import type {Hub} from './hub-by-hand.js'

const deadlineMs = 120_000

/** Milliseconds from asking a running server for a kernel until that kernel has answered. Nothing of it is left. */
export async function kernelMs(hub: Hub, name: string): Promise<number> {
  const made = (await (await hub.send('POST', `/users/${name}/tokens`, {})).json()) as {token: string}
  const headers = {authorization: `token ${made.token}`}
  const kernels = `${hub.connection.url}/user/${name}/api/kernels`
  const started = performance.now()
  const created = await fetch(kernels, {method: 'POST', headers, body: '{}'})
  if (created.status !== 201) throw new Error(`no kernel for ${name}: ${String(created.status)}`)
  const {id} = (await created.json()) as {id: string}
  await answerOf(`${kernels.replace('http', 'ws')}/${id}/channels`, headers)
  const ms = performance.now() - started
  await fetch(`${kernels}/${id}`, {method: 'DELETE', headers})
  return ms
}

/** Asks the kernel who it is, as every notebook does first. */
function answerOf(address: string, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, {headers, handshakeTimeout: deadlineMs})
    const timer = setTimeout(() => {
      socket.terminate()
      reject(new Error(`the kernel did not answer within ${String(deadlineMs / 1000)} s`))
    }, deadlineMs)
    const id = crypto.randomUUID()
    const header = {msg_id: id, msg_type: 'kernel_info_request', username: '', session: id, version: '5.3', date: ''}
    socket.on('open', () => {
      socket.send(JSON.stringify({channel: 'shell', header, parent_header: {}, metadata: {}, content: {}}))
    })
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as {msg_type?: string; parent_header?: {msg_id?: string}}
      if (message.parent_header?.msg_id !== id || message.msg_type !== 'kernel_info_reply') return
      clearTimeout(timer)
      socket.close()
      resolve()
    })
    socket.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}
