import type {Files} from '../../../../host/files/files.js'
import type {Step} from '../../../../steps/step.js'
import {readLockFile} from '../../packages/locks/lock-files.js'
import type {InstallTools, Machine} from '../../machines/machine.js'
import {ensureProgram} from '../../steps/software/ensure-program.js'
import {caddyDirectory} from './https-proxy-configuration.js'

export interface CaddyOptions extends InstallTools {
  readonly machine: Machine
  readonly local: Files
  readonly assets: string
}

/** Caddy from the package index of the machine. */
export function installCaddy({machine, local, assets, ...tools}: CaddyOptions): Step {
  return ensureProgram({
    ...tools,
    machine,
    name: 'Caddy',
    purpose: 'which fetches certificates',
    lock: () => readLockFile(local, assets, 'caddy'),
    directory: () => caddyDirectory(machine, local, assets),
  })
}
