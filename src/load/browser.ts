import {CookieJar} from 'tough-cookie'
import {Agent, request, type Dispatcher} from 'undici'
import {WebSocket} from 'ws'
import {definedOnly} from '../defined-only.js'
import {tlsOptions} from '../jupyterhub/tls/tls-options.js'
import type {EndpointTrust} from '../jupyterhub/hub-connection.js'

/** What a person's browser does with a hub: cookies, redirects, XSRF tokens, forms, events and websockets. */
export interface Browser {
  /** Opens a page, below the hub's address: `hub/login`. */
  get(path: string, signal: AbortSignal): Promise<Page>
  /** Sends a form, with the XSRF token that the hub set. */
  submit(path: string, form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Page>
  /** What a page's script asks for. */
  call(path: string, call: Call, signal: AbortSignal): Promise<Page>
  /** Server-sent events of a page, each a JSON object, until the other side ends them. */
  events(path: string, signal: AbortSignal): AsyncGenerator<unknown, void>
  /** Opens a websocket and waits until it is open. */
  socket(path: string, signal: AbortSignal): Promise<WebSocket>
  close(): Promise<void>
}

export interface Page {
  /** Where the redirects ended. */
  readonly url: URL
  readonly status: number
  readonly text: string
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
}

export interface BrowserOptions {
  /** The hub's public address, with its path. */
  readonly address: string
  /** For an address of HTTPS whose authority this computer does not know by itself. */
  readonly trust?: EndpointTrust
  /** A token of the hub, in place of a login by form. */
  readonly token?: string
}

const mostRedirects = 20

/** A browser of its own connections and cookies. */
export function openBrowser({address, trust, token}: BrowserOptions): Browser {
  const base = new URL(address.endsWith('/') ? address : `${address}/`)
  const jar = new CookieJar()
  const tls = trust === undefined ? {} : tlsOptions(trust)
  const agent = new Agent({connect: tls})
  const place = (path: string) => new URL(path, base)
  const headersFor = async (url: URL) => ({
    // A browser says that a page is asked for; JupyterHub hands out XSRF tokens only then.
    'sec-fetch-mode': 'navigate',
    cookie: await jar.getCookieString(url.href),
    // Only the hub at its own address is told the token.
    ...(token === undefined || url.origin !== base.origin ? {} : {authorization: `token ${token}`}),
  })

  const send = async (url: URL, {method, headers = {}, body, signal}: Sending): Promise<Dispatcher.ResponseData> => {
    const response = await request(url, {
      dispatcher: agent,
      method,
      headers: {...(await headersFor(url)), ...headers},
      ...definedOnly({body}),
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    for (const cookie of [response.headers['set-cookie'] ?? []].flat())
      await jar.setCookie(cookie, url.href, {ignoreError: true})
    return response
  }

  const follow = async (path: string, sending: Sending): Promise<Page> => {
    let url = place(path)
    let response = await send(url, sending)
    for (let hop = 0; response.statusCode >= 300 && response.statusCode < 400; hop++) {
      if (hop === mostRedirects)
        throw new Error(`more than ${String(mostRedirects)} redirects, the last to ${url.pathname}`)
      await response.body.dump()
      url = new URL(String(response.headers['location'] ?? ''), url)
      response = await send(url, {method: 'GET', signal: sending.signal})
    }
    return {url, status: response.statusCode, text: await response.body.text()}
  }

  /** The token of the cookie with the longest path, as the page of that path has it. */
  const xsrfToken = async (path: string): Promise<string> => {
    const cookies = (await jar.getCookies(place(path).href)).filter(({key}) => key === '_xsrf')
    return cookies.toSorted((one, other) => (other.path ?? '').length - (one.path ?? '').length)[0]?.value ?? ''
  }

  return {
    get: (path, signal) => follow(path, {method: 'GET', signal}),
    submit: async (path, form, signal) =>
      follow(path, {
        method: 'POST',
        headers: {'content-type': 'application/x-www-form-urlencoded'},
        body: new URLSearchParams({...form, _xsrf: await xsrfToken(path)}).toString(),
        signal,
      }),
    call: async (path, {method, body}, signal) =>
      follow(path, {
        method,
        headers: {'content-type': 'application/json', 'x-xsrftoken': await xsrfToken(path)},
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
        signal,
      }),
    async *events(path, signal) {
      const url = place(path)
      url.searchParams.set('_xsrf', await xsrfToken(path))
      yield* readEvents(await send(url, {method: 'GET', headers: {accept: 'text/event-stream'}, signal}))
    },
    async socket(path, signal) {
      const url = place(path)
      const headers = {...(await headersFor(url)), origin: base.origin}
      url.protocol = url.protocol.replace('http', 'ws')
      return untilOpen(new WebSocket(url, {headers, ...tls, perMessageDeflate: false}), signal)
    },
    close: () => agent.destroy(),
  }
}

interface Sending {
  readonly method: Call['method']
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

/** The data of server-sent events, each a JSON object; nothing of an answer that is not `200`. */
async function* readEvents({statusCode, body}: Dispatcher.ResponseData): AsyncGenerator<unknown, void> {
  if (statusCode !== 200) {
    await body.dump()
    return
  }
  let unread = ''
  body.setEncoding('utf8')
  for await (const chunk of body) {
    const lines = `${unread}${String(chunk)}`.split('\n')
    unread = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data:')) yield JSON.parse(line.slice('data:'.length)) as unknown
  }
}

async function untilOpen(socket: WebSocket, signal: AbortSignal): Promise<WebSocket> {
  await new Promise<void>((resolve, reject) => {
    const giveUp = () => {
      socket.terminate()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', giveUp, {once: true})
    socket.once('error', reject).once('open', () => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    })
  })
  return socket
}
