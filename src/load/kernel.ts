import {randomUUID} from 'node:crypto'
import type {WebSocket} from 'ws'

/** A kernel at the other end of a websocket, by Jupyter's messaging protocol 5.3. */
export interface Kernel {
  /** Runs one cell, as a notebook does, and waits until the kernel is idle again. Throws what the cell raised, or that the kernel died. */
  run(code: string, signal: AbortSignal): Promise<void>
  close(): void
}

interface Message {
  readonly channel?: string
  readonly header?: {readonly msg_type?: string}
  readonly parent_header?: {readonly msg_id?: string}
  readonly content?: {
    readonly status?: string
    readonly ename?: string
    readonly evalue?: string
    readonly execution_state?: string
  }
}

const deathStates = new Set(['restarting', 'autorestarting', 'dead'])

/** What a kernel says that was ended, most often by the kernel of the machine for want of memory. */
export const kernelDied = 'the kernel died'

/** `socket` is open; messages are JSON, each in one frame of text. */
export function kernelAt(socket: WebSocket): Kernel {
  const session = randomUUID()
  const listeners = new Set<(message: Message) => void>()
  let fail: ((error: Error) => void) | undefined
  let ended: Error | undefined
  const end = (error: Error) => {
    ended ??= error
    fail?.(ended)
  }
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return
    const message = JSON.parse(data.toString()) as Message
    if (deathStates.has(message.content?.execution_state ?? '')) end(new Error(kernelDied))
    for (const listener of listeners) listener(message)
  })
  socket.on('close', () => end(new Error('the connection to the kernel was cut')))
  socket.on('error', end)
  return {
    run(code, signal) {
      if (ended !== undefined) return Promise.reject(ended)
      const id = randomUUID()
      return new Promise<void>((resolve, reject) => {
        let [reply, isIdle]: [Message['content'], boolean] = [undefined, false]
        const settle = (action: () => void) => {
          listeners.delete(hear)
          signal.removeEventListener('abort', abort)
          fail = undefined
          action()
        }
        const stop = (error: Error) => {
          settle(() => {
            reject(error)
          })
        }
        const abort = () => {
          stop(signal.reason as Error)
        }
        const hear = ({header, parent_header: parent, content}: Message) => {
          if (parent?.msg_id !== id) return
          if (header?.msg_type === 'execute_reply') reply = content
          if (header?.msg_type === 'status' && content?.execution_state === 'idle') isIdle = true
          if (reply === undefined || !isIdle) return
          if (reply.status === 'ok') settle(resolve)
          else stop(new Error(`the notebook stopped: ${reply.ename ?? 'error'}: ${reply.evalue ?? ''}`.trim()))
        }
        listeners.add(hear)
        signal.addEventListener('abort', abort, {once: true})
        fail = stop
        socket.send(JSON.stringify(executeRequest(code, {id, session})))
      })
    },
    close() {
      socket.close()
    },
  }
}

function executeRequest(code: string, {id, session}: {readonly id: string; readonly session: string}): object {
  return {
    channel: 'shell',
    header: {
      msg_id: id,
      msg_type: 'execute_request',
      username: '',
      session,
      version: '5.3',
      date: new Date().toISOString(),
    },
    parent_header: {},
    metadata: {},
    content: {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    },
    buffers: [],
  }
}
