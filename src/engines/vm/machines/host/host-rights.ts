import {JhubError} from '../../../../errors.js'
import type {Host} from '../../../../host/host.js'

/** By what right this account may put a hub on this machine: `as root`, `by sudo`; `undefined` when it may not or there is no systemd. */
export async function findHostRights(host: Pick<Host, 'files' | 'commands' | 'system'>): Promise<string | undefined> {
  const {files, commands, system} = host
  if (system.platform !== 'linux' || (await files.stat('/run/systemd/system')) === undefined) return undefined
  if (system.uid === 0) return 'as root'
  try {
    await commands.run(['sudo', '-n', 'true'], {timeoutMs: 10_000})
    return 'by sudo'
  } catch (error) {
    if (error instanceof JhubError) return undefined
    throw error
  }
}
