import {PassThrough} from 'node:stream'
import {ApiException, Exec, type KubeConfig} from '@kubernetes/client-node'
import type {Conversation, ConversationListener} from '../../../host/processes/conversations.js'
import {lineConversation} from '../../../host/processes/line-conversation.js'
import type {ProgramInPod} from './kube-api.js'

/** Starts a program in a container and talks with it. It sees the end of its input when either side is gone. */
export async function converseInPod(
  config: KubeConfig,
  {namespace, pod, container, argv}: ProgramInPod,
  listener: ConversationListener,
): Promise<Conversation> {
  const [input, output, complaints] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const started = new Exec(config).exec(namespace, pod, container, [...argv], output, complaints, input, false)
  const socket = await started.catch((error: unknown) => {
    throw asAnswer(error)
  })
  socket.on('close', () => {
    output.end()
    complaints.end()
  })
  const conversation = lineConversation({input, output, complaints, handles: []}, listener)
  return {
    ...conversation,
    close() {
      conversation.close()
      socket.terminate()
    },
  }
}

/** The client library gives an event for an answer that is no web socket, with the status in its text. */
function asAnswer(error: unknown): unknown {
  const said = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : ''
  const [, status] = /Unexpected server response: (\d+)/.exec(said) ?? []
  if (status === undefined) return error instanceof Error ? error : new Error(said)
  return new ApiException(Number(status), said, {message: 'this account may not run programs in pods (pods/exec)'}, {})
}
