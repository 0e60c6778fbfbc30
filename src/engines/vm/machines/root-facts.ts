import {bundleEnvironment, packagesThere} from '../bundle/bundle-environment.js'
import type {Layout} from './layout.js'
import type {MachineFacts} from './machine.js'

export interface RootFacts {
  readonly architecture: string
  readonly layout: Layout
  readonly network: MachineFacts['networkEnvironment']
  /** Packages come from a bundle. */
  readonly isBundled: boolean
}

/** A Linux machine on which we are root. uv's cache stands beside the environments, so that files are linked and not copied. */
export function rootFacts({architecture, layout, network, isBundled}: RootFacts): MachineFacts {
  return {
    platform: 'linux',
    architecture,
    uid: 0,
    userName: 'root',
    keepsAppliedSpec: true,
    takesDebianPackages: true,
    networkEnvironment: {
      ...network,
      UV_CACHE_DIR: layout.packageCache,
      ...(isBundled ? bundleEnvironment(packagesThere(layout)) : {}),
    },
  }
}
