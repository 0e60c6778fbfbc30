import type {ClusterManifest, MachineManifest} from '../../src/bundle/manifest.js'

/** What a bundle for an ordinary Linux computer says of itself. */
export const bundleManifest: MachineManifest = {
  format: 2,
  mode: 'vm',
  jhub: '1.0.0',
  made: '2026-11-26T10:00:00.000Z',
  platform: 'linux',
  architecture: 'x86_64',
  python: '3.13',
  locks: {},
  files: [],
}

/** The same of a hub in a kind cluster. */
export const clusterManifest: ClusterManifest = {
  format: 2,
  mode: 'k8s',
  jhub: '1.0.0',
  made: '2026-11-26T10:00:00.000Z',
  platform: 'linux',
  architecture: 'x86_64',
  nodeImage: 'kindest/node:v1.34.0',
  images: {},
  files: [],
}
