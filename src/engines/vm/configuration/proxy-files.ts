import path from 'node:path'
import {basePath} from '../../../hub-spec/access/base-url.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {addressBeside} from '../../../hub-spec/access/ip-address.js'
import type {Machine} from '../machines/machine.js'
import type {Listener} from '../services/supervisor.js'
import type {InnerPorts} from './inner-ports.js'

export const proxyStarter = 'start-proxy.cjs'
/** The page that people see while nothing answers behind the proxy, or behind Caddy. */
export const hubAwayPage = 'hub-away.html'
export const proxySettings = 'proxy.json'
const pairFiles = {certificate: 'https.crt', key: 'https.key'}

/** A port of the proxy: people's own, the one that redirects to HTTPS, or the one by which servers reach the hub. People's own is the first. */
export interface ProxyListener extends Listener {
  readonly role: 'public' | 'redirect' | 'hub'
  /** The port to which `redirect` sends people. */
  readonly leadsTo?: number
}

export interface ProxyOptions {
  readonly machine: Pick<Machine, 'layout' | 'network'>
  /** What the proxy listens for. */
  readonly access: HubSpec['access']
  readonly ports: InnerPorts
  readonly pair: {readonly certificate: string; readonly key: string} | undefined
  readonly isBehindCaddy: boolean
}

/** Where the proxy listens; in this order it is handed the ports. A machine without IPv6 holds all but the last. */
export function proxyListeners({machine, access, ports}: Omit<ProxyOptions, 'pair'>): readonly ProxyListener[] {
  const address = machine.network.listenAddress(access)
  const redirect = access.https?.redirect
  const open: readonly ProxyListener[] = [
    {role: 'public', address, port: access.port},
    ...(redirect === undefined ? [] : [{role: 'redirect', address, port: redirect, leadsTo: access.port} as const]),
  ]
  const beside = addressBeside(address)
  return [
    ...open,
    {role: 'hub', address: '127.0.0.1', port: ports.hub},
    ...(beside === undefined ? [] : open.map((listener) => ({...listener, address: beside}))),
  ]
}

/** What `assets/vm/start-proxy.cjs` reads, in the directory where it will stand. The keys are its. */
export function proxyFilesIn(directory: string, wanted: ProxyOptions): ReadonlyMap<string, string> {
  const {machine, access, pair, isBehindCaddy} = wanted
  const {hubSocket, proxyApiSocket, caddySocket} = machine.layout
  const settings = {
    listeners: proxyListeners(wanted),
    hubSocket,
    apiSocket: proxyApiSocket,
    ...(isBehindCaddy ? {caddySocket} : {}),
    ...(access.baseUrl === undefined ? {} : {basePath: basePath(access)}),
    ...(pair === undefined
      ? {}
      : {
          certificateFile: path.posix.join(directory, pairFiles.certificate),
          keyFile: path.posix.join(directory, pairFiles.key),
        }),
  }
  return new Map([
    [proxySettings, `${JSON.stringify(settings, undefined, 2)}\n`],
    ...(pair === undefined
      ? []
      : ([
          [pairFiles.certificate, pair.certificate],
          [pairFiles.key, pair.key],
        ] as const)),
  ])
}
