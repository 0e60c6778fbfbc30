import {isBaseUrl} from '../../../access/base-url.js'
import type {Keys, Take} from '../../take-keys.js'
import type {Importing} from '../importing.js'
import {shown} from '../../../document/shown.js'
import {isRecord} from '../../../document/is-record.js'

const types: Readonly<Record<string, string>> = {
  LoadBalancer: 'loadBalancer',
  NodePort: 'nodePort',
  ClusterIP: 'clusterIP',
}

export interface Place {
  readonly isMadeByJhub: boolean
  /** False where the values are only what differs from others. */
  readonly isWhole: boolean
  /** Looks at the values with their placeholders. */
  readonly written: Take
}

/**
 * How people reach the hub in a cluster that is there; never wider than it was. Where HTTPS cannot be taken over, the hub
 * is not opened.
 */
export function takeAccess({take, look, note}: Importing, {isMadeByJhub, isWhole, written}: Place): Keys {
  const path = ['proxy', 'service', 'type']
  const type = take(...path)
  const expose = typeof type === 'string' ? types[type] : undefined
  if (type !== undefined && type !== null && expose === undefined)
    note(path, `${shown(type)} is not a type of Service: left out.`)
  closeWithoutHosts({take, look, note}, written)
  const lost = [leaveOutKeys({take, look, note}), leaveOutHttps({take, look, note}, written)].includes(true)
  if (isMadeByJhub) {
    if (expose !== undefined)
      note(path, `${String(type)} is left out: a kind cluster opens access.port of this machine.`)
    return {}
  }
  if (lost) return {expose: 'clusterIP'}
  if (expose !== undefined) return {expose}
  const isOpened = [look('ingress', 'enabled'), look('httpRoute', 'enabled')].includes(true)
  if (isWhole && !isOpened && (type === undefined || type === null))
    note(
      path,
      "is not given, where the chart opens a load balancer: here the hub is reached only through jhub's own connection. `k8s.expose: loadBalancer` opens it.",
    )
  return {}
}

/** The path of the hub, which is the same key in both engines. */
export function takeBaseUrl({take, note}: Importing): Keys {
  const path = ['hub', 'baseUrl']
  const baseUrl = take(...path)
  if (baseUrl === undefined || baseUrl === null || baseUrl === '/') return {}
  if (typeof baseUrl === 'string' && isBaseUrl(baseUrl)) return {access: {baseUrl}}
  note(path, `${shown(baseUrl)} is not a path such as /jupyter/: left out.`)
  return {}
}

/** A certificate whose key stands in the values cannot be in the spec. True where HTTPS was lost by that. */
function leaveOutKeys({take, look, note}: Importing): boolean {
  const path = ['proxy', 'https']
  const https = look(...path)
  if (!isRecord(https) || https['enabled'] !== true || https['type'] !== 'manual') return false
  take(...path)
  note(
    path,
    'has a certificate with its key in the values: left out, and the hub is not opened without it. Make a secret of it (`kubectl create secret tls hub-tls --cert FILE --key FILE`), then k8s.values: {proxy: {https: {enabled: true, type: secret, secret: {name: hub-tls}}}} and k8s.expose.',
  )
  return true
}

/** Without a host, an ingress would answer for every name. */
function closeWithoutHosts({take, look, note}: Importing, written: Take): void {
  for (const [section, key] of [
    ['ingress', 'hosts'],
    ['httpRoute', 'hostnames'],
  ] as const) {
    if (look(section, 'enabled') !== true || !hasLost([section, key], look, written)) continue
    take(section, 'enabled')
    note(
      [section, 'enabled'],
      `is left out, because no host is left: without one it would answer for every name. Write ${key} and \`enabled: true\` under k8s.values.${section}.`,
    )
  }
}

/** The chart gets no certificate without a host. True where HTTPS was lost by that. */
function leaveOutHttps({take, look, note}: Importing, written: Take): boolean {
  const path = ['proxy', 'https']
  if (isUnclear(look(...path))) {
    note(
      path,
      `is neither on nor off (${shown(look(...path))}): left out, and the hub is not opened without HTTPS. Write \`enabled\` and what it needs under k8s.values.proxy.https, then k8s.expose.`,
    )
    take(...path)
    return true
  }
  const needsHosts = [undefined, null, 'letsencrypt'].includes(look(...path, 'type') as string | undefined)
  if (look(...path, 'enabled') !== true || !needsHosts || !hasLost([...path, 'hosts'], look, written)) return false
  take(...path, 'enabled')
  note(
    [...path, 'enabled'],
    'is left out, because no host is left: the hub is not opened without HTTPS. Write hosts and `enabled: true` under k8s.values.proxy.https, then k8s.expose.',
  )
  return true
}

/** Whether HTTPS was said in a way that the chart does not take. */
function isUnclear(https: unknown): boolean {
  if (https === undefined || https === null) return false
  return !isRecord(https) || !['boolean', 'undefined'].includes(typeof (https['enabled'] ?? undefined))
}

/** Whether something was said where nothing is left that the chart takes: placeholders, or one text in place of a list. */
function hasLost(path: readonly string[], look: Take, written: Take): boolean {
  const [now, before] = [look(...path), written(...path)]
  const isSaid = before !== undefined && before !== null
  return isSaid && !(Array.isArray(now) && (now.length === 0 || now.some((host) => typeof host === 'string')))
}
