import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import type {HubConnection} from '../../src/jupyterhub/hub-connection.js'
import {readProgress} from '../../src/jupyterhub/servers/start-progress.js'
import type {RealJhub} from '../e2e/real-jhub.js'

const deadlineMs = 300_000

/** A hub's own REST API, with the token that jhub has. */
export interface Hub {
  readonly connection: HubConnection
  send(method: string, route: string, body?: unknown): Promise<Response>
}

export async function hubOf(jhub: RealJhub): Promise<Hub> {
  const file = path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', jhub.name, 'secrets.json')
  const {apiToken} = JSON.parse(await readFile(file, 'utf8')) as {apiToken: string}
  return hubAt(jhub.port, apiToken)
}

/** A hub at a port of this computer. */
export function hubAt(port: number, token: string): Hub {
  const url = `http://127.0.0.1:${String(port)}`
  return {
    connection: {url, token},
    send: (method, route, body) =>
      fetch(`${url}/hub/api${route}`, {
        method,
        headers: {authorization: `token ${token}`},
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
        signal: AbortSignal.timeout(deadlineMs),
      }),
  }
}

/** Asks for a server and listens, as the hub's page does on which a person waits, until it is ready. */
export async function startByHand(hub: Hub, name: string): Promise<void> {
  const {ok, status} = await hub.send('POST', `/users/${name}/server`, {})
  if (!ok) throw new Error(`the hub answered ${String(status)} to the start of ${name}`)
  for await (const {ready, failed, message} of readProgress(hub.connection, name, deadlineMs)) {
    if (failed === true) throw new Error(`${name} has no server: ${message ?? 'the hub does not say why'}`)
    if (ready === true) return
  }
  throw new Error(`the hub ended what it said of the start of ${name} before the server was ready`)
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
