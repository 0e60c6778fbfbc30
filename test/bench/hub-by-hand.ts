import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import type {RealJhub} from '../e2e/real-jhub.js'

/** A hub's own REST API, with the token that jhub has. */
export interface Hub {
  /** Without a slash at its end. */
  readonly address: string
  send(method: string, route: string, body?: unknown): Promise<Response>
}

export async function hubOf(jhub: RealJhub): Promise<Hub> {
  const file = path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', jhub.name, 'secrets.json')
  const {apiToken} = JSON.parse(await readFile(file, 'utf8')) as {apiToken: string}
  return hubAt(jhub.port, apiToken)
}

/** A hub at a port of this computer. */
export function hubAt(port: number, token: string): Hub {
  const address = `http://127.0.0.1:${String(port)}`
  return {
    address,
    send: (method, route, body) =>
      fetch(`${address}/hub/api${route}`, {
        method,
        headers: {authorization: `token ${token}`},
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
        signal: AbortSignal.timeout(300_000),
      }),
  }
}

const deadlineMs = 300_000

/** Asks for a server and looks until it is ready. */
export async function startByHand(hub: Hub, name: string): Promise<void> {
  const started = performance.now()
  const {ok, status} = await hub.send('POST', `/users/${name}/server`, {})
  if (!ok) throw new Error(`the hub answered ${String(status)} to the start of ${name}`)
  while (performance.now() - started < deadlineMs) {
    const user = (await (await hub.send('GET', `/users/${name}`)).json()) as {
      servers?: Readonly<Record<string, {ready: boolean}>>
    }
    if (user.servers?.['']?.ready === true) return
    await delay(100)
  }
  throw new Error(`${name} has no server after ${String(deadlineMs / 1000)} s`)
}

/** Ends a server, and looks until it is gone. */
export async function stopByHand(hub: Hub, name: string): Promise<void> {
  await hub.send('DELETE', `/users/${name}/server`)
  const isThere = async () => {
    const {servers = {}} = (await (await hub.send('GET', `/users/${name}`)).json()) as {servers?: object}
    return Object.keys(servers).length > 0
  }
  while (await isThere()) await delay(100)
}
