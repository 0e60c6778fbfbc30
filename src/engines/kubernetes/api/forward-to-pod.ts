import type {Duplex} from 'node:stream'
import {PortForward, type KubeConfig} from '@kubernetes/client-node'
import type {Tunnels} from '../../../host/network/tunnels.js'
import type {ObjectRef} from './kube-api.js'

/** A loopback address at which a pod's port answers for as long as this process runs. */
export async function forwardToPod(
  config: KubeConfig,
  tunnels: Tunnels,
  {name, namespace = 'default'}: ObjectRef,
  port: number,
): Promise<string> {
  const forwarder = new PortForward(config)
  const local = await tunnels.open((socket) => {
    const opened = forwarder.portForward(namespace, name, [port], socket, null, socket)
    joinToPod(socket, opened).catch(() => socket.destroy())
  })
  return `http://127.0.0.1:${String(local)}`
}

/** Ends each side when the other is lost, which the client library leaves to its callers. */
async function joinToPod(socket: Duplex, opened: ReturnType<PortForward['portForward']>): Promise<void> {
  const pod = await opened
  if (typeof pod === 'function') return
  pod.addEventListener('close', () => {
    socket.end(() => socket.destroy())
  })
  if (socket.closed) pod.close()
  socket.once('close', () => {
    pod.close()
  })
}
