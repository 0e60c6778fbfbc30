import {createHash, randomBytes, timingSafeEqual} from 'node:crypto'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

export interface LivePage<T> {
  readonly samples: AsyncIterable<T>
  /** The whole page, which asks for `data` beside its own address; `nonce` is the one that its script and style carry. */
  readonly page: (nonce: string) => string
  /** What the page shows of a sample: plain data, no markup. */
  readonly data: (sample: T) => unknown
  readonly signal: AbortSignal
  readonly onAddress: (url: string) => Promise<void>
}

/**
 * Serves a page that shows the newest sample, until the samples end. It listens on the loopback address, which programs of
 * other accounts reach too: only the path, of 256 random bits, opens it, and it is said to nobody but by `onAddress`.
 */
export async function servePage<T>({samples, page, data, signal, onAddress}: LivePage<T>): Promise<void> {
  const secret = randomBytes(32).toString('base64url')
  let newest: string | undefined
  const server = createServer((request, response) => {
    const {port} = server.address() as AddressInfo
    const asked = askedFor(request, secret, port)
    if (asked === undefined) return refuse(response)
    if (asked === 'page') {
      const nonce = randomBytes(16).toString('base64')
      return answer(response, 'text/html; charset=utf-8', page(nonce), contentPolicy(nonce))
    }
    return answer(response, 'application/json', newest ?? 'null', contentPolicy())
  })
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  signal.addEventListener('abort', stop, {once: true})
  try {
    await onAddress(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/${secret}/`)
    for await (const sample of samples) newest = JSON.stringify(data(sample))
  } finally {
    stop()
  }
}

/** By the secret path, and a `Host` that no name of somebody else's can make a browser send. */
function askedFor(request: IncomingMessage, secret: string, port: number): 'page' | 'data' | undefined {
  const [, given = '', what, ...more] = (request.url ?? '').split('/')
  const isRight = timingSafeEqual(digest(given), digest(secret))
  const isHere = request.headers.host === `127.0.0.1:${String(port)}`
  if (!isRight || !isHere || request.method !== 'GET' || more.length > 0) return undefined
  if (what === '') return 'page'
  return what === 'data' ? 'data' : undefined
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, {'content-type': 'text/plain'}).end('Not found\n')
}

function answer(response: ServerResponse, type: string, text: string, policy: string): void {
  response
    .writeHead(200, {
      'content-type': type,
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    })
    .end(text)
}

function contentPolicy(nonce?: string): string {
  const own = nonce === undefined ? "'none'" : `'nonce-${nonce}'`
  return `default-src 'none'; script-src ${own}; style-src ${own}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}
