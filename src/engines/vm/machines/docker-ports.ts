import type {PublishedPort} from '../../../host/docker.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {doorPorts} from '../configuration/door.js'

type Access = HubSpec['access']

/** What leads into the container: people's ports at the spec's address, and behind a front the proxy's, for jhub alone. */
export function publishedPorts(access: Access): readonly PublishedPort[] {
  const {address, https} = access
  return [
    ...doorPorts(access).map((port) => ({address, port})),
    ...(https?.by === 'acme'
      ? [{address: '127.0.0.1', port: containerDoorPort(access), hostPort: 'any' as const}]
      : []),
  ]
}

/** Where the proxy listens in the container behind a front: it has to be known before anything can look for a free port there. */
export function containerDoorPort(access: Access): number {
  return [8000, 8001, 8002].find((port) => !doorPorts(access).includes(port)) ?? 8000
}
