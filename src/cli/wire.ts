import path from 'node:path'
import {definedOnly} from '../defined-only.js'
import {chooseEngine} from '../engines/choose-engine.js'
import {realHost} from '../host/real-host.js'
import {hubDirectories} from '../hub/session/directories.js'
import type {HubContext} from '../hub/session/hub-context.js'

export interface Wiring {
  /** The directory of the package. */
  readonly root: string
  readonly command: string
  readonly signal: AbortSignal
  readonly lockTimeoutMs: number
  readonly onEvent: HubContext['onEvent']
  readonly agree: HubContext['agree']
  readonly file?: string
  readonly name?: string
}

/** The one place where real parts are put together. */
export function wireContext({root, file, name, ...rest}: Wiring): HubContext {
  const host = realHost()
  return {
    ...rest,
    host,
    directories: hubDirectories(host.system),
    assets: path.join(root, 'assets'),
    asked: {
      currentDirectory: process.cwd(),
      ...definedOnly({file, name}),
    },
    chooseEngine,
  }
}
