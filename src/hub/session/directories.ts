import path from 'node:path'
import type {System} from '../../host/system.js'

/** Where jhub keeps things; all but the cache hold one entry for each hub. */
export interface HubDirectories {
  readonly config: string
  readonly state: string
  readonly data: string
  /** What can be made again. */
  readonly cache: string
}

/**
 * XDG's directories (also on macOS, as uv and gh do), or what `JHUB_CONFIG_DIR`, `JHUB_STATE_DIR` and `JHUB_DATA_DIR` say.
 * Root's are below `/var/lib`: people's own accounts must be able to reach their homes and the Python that they run.
 */
export function hubDirectories({environment, homeDirectory, uid}: System): HubDirectories {
  const xdg = (name: string, fallback: string) =>
    path.join(environment[name] || path.join(homeDirectory, fallback), 'jhub')
  return {
    config: environment['JHUB_CONFIG_DIR'] || xdg('XDG_CONFIG_HOME', '.config'),
    state: environment['JHUB_STATE_DIR'] || (uid === 0 ? '/var/lib/jhub' : xdg('XDG_STATE_HOME', '.local/state')),
    cache: xdg('XDG_CACHE_HOME', '.cache'),
    data: environment['JHUB_DATA_DIR'] || (uid === 0 ? '/var/lib/jhub-data' : xdg('XDG_DATA_HOME', '.local/share')),
  }
}
