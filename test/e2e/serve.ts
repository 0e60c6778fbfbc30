import type {IncomingMessage, ServerResponse} from 'node:http'
import {listen, makeServer, type Certified, type Served} from '../fakes/listen.js'

/** By which an address of this computer's is known that is not its own alone. */
export interface ServedPlace extends Certified {
  readonly address: string
}

type Answer = (asked: IncomingMessage, response: ServerResponse) => unknown

/** What `answerAt` gives for its own address answers there: at a free port of the loopback address, or of a `place` by https. */
export async function serve(answerAt: (url: string) => Answer, place?: ServedPlace): Promise<Served> {
  let answer: Answer = (_, response) => response.end()
  const server = makeServer((asked, response) => {
    answer(asked, response)
  }, place)
  const served = await listen(server, {address: place?.address ?? '127.0.0.1'})
  answer = answerAt(served.url)
  return served
}
