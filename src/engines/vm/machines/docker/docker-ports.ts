import type {PublishedPort} from '../../../../host/docker/docker.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import {publicPorts} from '../../configuration/endpoint.js'

type Access = HubSpec['access']

/** The ports that are published from the container: people's ports at the spec's address, and behind an HTTPS proxy the proxy's, for jhub alone. */
export function publishedPorts(access: Access): readonly PublishedPort[] {
  const {address, https} = access
  return [
    ...publicPorts(access).map((port) => ({address, port})),
    ...(https?.by === 'acme'
      ? [{address: '127.0.0.1', port: containerProxyPort(access), hostPort: 'any' as const}]
      : []),
  ]
}

/** Where the proxy listens in the container behind the HTTPS proxy: it has to be known before anything can look for a free port there. */
export function containerProxyPort(access: Access): number {
  return [8000, 8001, 8002].find((port) => !publicPorts(access).includes(port)) ?? 8000
}
