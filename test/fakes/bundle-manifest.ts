import type {Manifest} from '../../src/bundle/manifest.js'

/** What a bundle for an ordinary Linux computer says of itself. */
export const bundleManifest: Manifest = {
  format: 1,
  jhub: '1.0.0',
  made: '2026-11-26T10:00:00.000Z',
  platform: 'linux',
  architecture: 'x86_64',
  python: '3.13',
  locks: {},
  files: [],
}
