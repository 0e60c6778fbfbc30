import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http'
import {createServer as createSecureServer} from 'node:https'
import type {AddressInfo} from 'node:net'

/** By which an address of this computer's is known that is not its own alone. */
export interface ServedPlace {
  readonly address: string
  /** PEM. */
  readonly certificate: string
  readonly key: string
}

export interface Served {
  readonly url: string
  readonly stop: () => Promise<void>
}

type Answer = (asked: IncomingMessage, response: ServerResponse) => unknown

/** What `answerAt` gives for its own address answers there: at a free port of the loopback address, or of a `place` by https. */
export async function serve(answerAt: (url: string) => Answer, place?: ServedPlace): Promise<Served> {
  let answer: Answer = (_, response) => response.end()
  const listener: RequestListener = (asked, response) => {
    answer(asked, response)
  }
  const address = place?.address ?? '127.0.0.1'
  const server =
    place === undefined
      ? createServer(listener)
      : createSecureServer({cert: place.certificate, key: place.key}, listener)
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  const {port} = server.address() as AddressInfo
  const url = `${place === undefined ? 'http' : 'https'}://${address}:${String(port)}`
  answer = answerAt(url)
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
