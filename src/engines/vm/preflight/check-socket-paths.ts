import type {Finding} from '../../../findings/finding.js'
import type {Layout} from '../machines/layout.js'

/** Bytes of a path that every system takes for a socket, with its closing zero (unix(7): 108 on Linux, 104 on macOS). */
const longestPath = 103
/** By `jhub_process_spawner.py`: ten digits for each server. */
const longestName = '0123456789.sock'

/** Whether the sockets of the hub and its servers can have the paths that they would be given. */
export function checkSocketPaths({root, run}: Pick<Layout, 'root' | 'run'>): readonly Finding[] {
  const over = Buffer.byteLength(`${run}/${longestName}`) - longestPath
  if (over <= 0) return []
  return [
    {
      check: `directory ${root}`,
      state: 'problem',
      found: `its path is ${String(over)} bytes too long for the Unix sockets in it`,
      needed: `at most ${String(Buffer.byteLength(root) - over)} bytes`,
      fix: 'export JHUB_STATE_DIR=/some/short/path   # or give the hub a shorter name',
    },
  ]
}
