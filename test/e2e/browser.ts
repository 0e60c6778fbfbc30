import {isIPv6, type LookupFunction} from 'node:net'
import {CookieJar} from 'tough-cookie'
import {Agent, request} from 'undici'
import WebSocket from 'ws'

/** A page or a kernel that has not answered by then hangs, however slow the computer is: an emulated one takes minutes. */
const answerDeadlineMs = 300_000

/** What a person's browser does with a hub: cookies, redirects, XSRF tokens, forms and a kernel's websocket. */
export interface Browser {
  /** The last address after every redirect, its status and its text. */
  get(path: string): Promise<Page>
  /** Posts a form with the XSRF token that the hub set. */
  post(path: string, form: Readonly<Record<string, string>>): Promise<Page>
  /** Logs in through the form; tells whether the hub let us in. */
  login(name: string, password: string): Promise<boolean>
  /** Asks the person's own server, with the token that its pages would send. */
  api(user: string, path: string, init?: Asked): Promise<Page>
  /** Asks the hub, as its pages do. */
  hubApi(path: string, init?: Asked): Promise<Page>
  /** Whether the cookie by which the hub knows this browser goes by HTTPS only. */
  loginIsSecure(): Promise<boolean>
  /** Runs code in a new kernel, the server's first or one of this name, and gives what it printed or evaluated to, or `the kernel died`. */
  runCode(user: string, code: string, kernel?: string): Promise<string>
  /** Runs code likewise, and gives the pictures that it shows, each the bytes of a PNG. */
  pictures(user: string, code: string): Promise<readonly Buffer[]>
  /** Opens the websocket of a new kernel. */
  openKernel(user: string): Promise<Kernel>
}

/** A kernel that stays from one piece of code to the next. */
export interface Kernel {
  /** Runs code, and gives what it printed or evaluated to, or `the kernel died`: another then takes its place. */
  run(code: string): Promise<string>
  /** Settles when the websocket is closed. */
  readonly closed: Promise<void>
}

interface Asked {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly body?: unknown
}

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
}

/** How a browser finds a hub's address, and whom it trusts there. */
interface Way {
  readonly ca?: string
  readonly lookup?: LookupFunction
}

/** The status and the `location` of an address's answer. */
export async function redirectOf(url: string): Promise<readonly unknown[]> {
  const {statusCode, headers} = await request(url)
  return [statusCode, headers['location']]
}

interface Init {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Answer {
  readonly status: number
  readonly location: string
  readonly text: string
}

/** `authority`: what this browser trusts, PEM, for a hub with HTTPS. `address`: where its name leads, for one that no DNS knows. */
export function openBrowser(base: string, authority?: string, address?: string): Browser {
  const jar = new CookieJar()
  /** A hub may be at a path of its own, below which all its pages are. */
  const placed = (path: string) => new URL(path.startsWith('/') ? `${base.replace(/\/$/, '')}${path}` : path, base)
  const way: Way = {
    ...(authority === undefined ? {} : {ca: authority}),
    ...(address === undefined
      ? {}
      : {lookup: (_name, _options, give) => give(null, [{address, family: isIPv6(address) ? 6 : 4}])}),
  }
  const trusting = authority === undefined ? {} : {dispatcher: new Agent({connect: way})}

  const send = async (url: string, {method = 'GET', headers = {}, body}: Init): Promise<Answer> => {
    const response = await request(url, {
      ...trusting,
      method,
      // A person's browser says that a page is asked for; JupyterHub hands out XSRF tokens only then.
      headers: {'sec-fetch-mode': 'navigate', ...headers, cookie: await jar.getCookieString(url)},
      ...(body === undefined ? {} : {body}),
      bodyTimeout: answerDeadlineMs,
      headersTimeout: answerDeadlineMs,
    })
    for (const cookie of [response.headers['set-cookie'] ?? []].flat()) await jar.setCookie(cookie, url)
    return {
      status: response.statusCode,
      location: String(response.headers['location'] ?? ''),
      text: await response.body.text(),
    }
  }

  const follow = async (path: string, init: Init = {}): Promise<Page> => {
    let url = placed(path).href
    let answer = await send(url, init)
    for (let hop = 0; hop < 20 && answer.status >= 300 && answer.status < 400; hop++) {
      url = new URL(answer.location, url).href
      answer = await send(url, {})
    }
    return {url, status: answer.status, text: answer.text}
  }

  const xsrfToken = async (path: string): Promise<string> => {
    const cookies = await jar.getCookies(placed(path).href)
    const nearest = cookies
      .filter(({key}) => key === '_xsrf')
      .sort((a, b) => (b.path ?? '').length - (a.path ?? '').length)[0]
    return nearest?.value ?? ''
  }

  const post = async (path: string, form: Readonly<Record<string, string>>): Promise<Page> =>
    follow(path, {
      method: 'POST',
      body: new URLSearchParams({...form, _xsrf: await xsrfToken(path)}).toString(),
      headers: {'content-type': 'application/x-www-form-urlencoded'},
    })

  const ask = async (path: string, {method = 'GET', body}: Asked = {}) =>
    follow(path, {
      method,
      headers: {'X-XSRFToken': await xsrfToken(path), 'content-type': 'application/json'},
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    })
  const api: Browser['api'] = (user, path, init) => ask(`/user/${encodeURIComponent(user)}/api${path}`, init)

  const newKernel = async (user: string, name?: string) => {
    await follow(`/user/${encodeURIComponent(user)}/lab`)
    const created = await api(user, '/kernels', {method: 'POST', body: name === undefined ? {} : {name}})
    if (created.status !== 201) throw new Error(`no kernel: ${String(created.status)} ${created.text}`)
    const {id} = JSON.parse(created.text) as {id: string}
    const address = placed(`/user/${encodeURIComponent(user)}/api/kernels/${id}/channels`)
    const cookie = await jar.getCookieString(address.href)
    address.protocol = address.protocol.replace('http', 'ws')
    return {id, address: address.href, cookie}
  }

  const runOnce = async (user: string, code: string, kernel?: string) => {
    const {id, address, cookie} = await newKernel(user, kernel)
    try {
      return await execute(address, {cookie, code, way})
    } finally {
      await api(user, `/kernels/${id}`, {method: 'DELETE'})
    }
  }

  return {
    get: (path) => follow(path),
    post,
    api,
    hubApi: (path, init) => ask(`/hub/api${path}`, init),
    async login(name, password) {
      const form = await follow('/hub/login')
      const token = await xsrfToken('/hub/login')
      const page = await post('/hub/login?next=%2Fhub%2Fhome', {username: name, password})
      if (token === '' && page.status === 403)
        throw new Error(`the login page gave no XSRF token: ${form.url} ${String(form.status)} ${form.text}`)
      return new URL(page.url).pathname.startsWith('/hub/home')
    },
    async loginIsSecure() {
      const cookies = await jar.getCookies(placed('/hub/').href)
      return cookies.some(({key, secure}) => key === 'jupyterhub-hub-login' && secure)
    },
    runCode: async (user, code, kernel) => (await runOnce(user, code, kernel)).text,
    pictures: async (user, code) => (await runOnce(user, code)).pictures,
    async openKernel(user) {
      const {address, cookie} = await newKernel(user)
      const run = async (code: string) => (await execute(address, {cookie, code, way})).text
      const socket = new WebSocket(address, {headers: {cookie, origin: new URL(base).origin}, ...way})
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      const closed = new Promise<void>((resolve) => {
        socket.once('close', () => {
          resolve()
        })
      })
      return {run, closed}
    },
  }
}

interface Message {
  readonly msg_type?: string
  readonly header?: {readonly msg_type: string}
  readonly parent_header?: {readonly msg_id?: string}
  readonly content: {
    readonly text?: string
    readonly data?: Readonly<Record<string, string>>
    readonly ename?: string
    readonly evalue?: string
    readonly execution_state?: string
  }
}

/** What a notebook shows below a cell. */
interface Output {
  readonly text: string
  /** Each the bytes of a PNG. */
  readonly pictures: readonly Buffer[]
}

/** Jupyter's messaging protocol, version 5.3, as JSON over one websocket. */
function execute(address: string, {cookie, code, way}: {cookie: string; code: string; way: Way}): Promise<Output> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, {
      headers: {cookie, origin: new URL(address.replace(/^ws/, 'http')).origin},
      ...way,
    })
    const timer = setTimeout(() => {
      socket.close()
      reject(new Error(`the kernel did not answer within ${String(answerDeadlineMs / 1000)} s`))
    }, answerDeadlineMs)
    const id = crypto.randomUUID()
    let output = ''
    const pictures: Buffer[] = []
    socket.on('open', () => {
      socket.send(
        JSON.stringify({
          channel: 'shell',
          header: {
            msg_id: id,
            msg_type: 'execute_request',
            username: '',
            session: crypto.randomUUID(),
            version: '5.3',
            date: new Date().toISOString(),
          },
          parent_header: {},
          metadata: {},
          content: {code, silent: false, store_history: false, user_expressions: {}, allow_stdin: false},
        }),
      )
    })
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message
      if (['restarting', 'autorestarting', 'dead'].includes(message.content.execution_state ?? '')) {
        clearTimeout(timer)
        socket.close()
        resolve({text: 'the kernel died', pictures})
      }
      if (message.parent_header?.msg_id !== id) return
      const type = message.header?.msg_type ?? message.msg_type
      if (type === 'stream') output += message.content.text ?? ''
      if (type === 'execute_result') output += message.content.data?.['text/plain'] ?? ''
      const picture = type === 'display_data' ? message.content.data?.['image/png'] : undefined
      if (picture !== undefined) pictures.push(Buffer.from(picture, 'base64'))
      if (type === 'error') output += `${message.content.ename ?? ''}: ${message.content.evalue ?? ''}`
      if (type === 'status' && message.content.execution_state === 'idle') {
        clearTimeout(timer)
        socket.close()
        resolve({text: output.trim(), pictures})
      }
    })
    socket.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}
