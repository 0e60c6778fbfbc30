import {connect} from 'node:net'

/** Whether something takes connections at the host and port of an address. `false` also when nothing is said in `timeoutMs`. */
export function canConnect(url: string, timeoutMs = 3000): Promise<boolean> {
  const {hostname, port, protocol} = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = connect({host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)})
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => end(false))
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}
