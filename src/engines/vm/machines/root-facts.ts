import type {Layout} from './layout.js'
import type {MachineFacts} from './machine.js'

/** A Linux machine on which we are root. uv's cache stands beside the environments, so that files are linked and not copied. */
export function rootFacts(
  architecture: string,
  layout: Layout,
  networkEnvironment: MachineFacts['networkEnvironment'],
): MachineFacts {
  return {
    platform: 'linux',
    architecture,
    uid: 0,
    userName: 'root',
    networkEnvironment: {...networkEnvironment, UV_CACHE_DIR: layout.packageCache},
  }
}
