import {JhubError} from '../../../errors.js'
import type {Processes} from '../../../host/processes/processes.js'
import {portOf} from '../configuration/endpoint.js'

/**
 * Lets nothing be sent to an address of this machine at which a program of another account listens: it would be given the
 * hub's token. Throws `JHUB-E220`.
 */
export async function requireOwnListener(processes: Pick<Processes, 'hasForeignListener'>, url: string): Promise<void> {
  if (await hasForeignListener(processes, url)) throw foreignListener(url)
}

/** Whether a program of another account listens there. */
export function hasForeignListener(processes: Pick<Processes, 'hasForeignListener'>, url: string): Promise<boolean> {
  return processes.hasForeignListener(portOf(url), new URL(url).hostname.replace(/^\[|\]$/g, ''))
}

export function foreignListener(url: string): JhubError {
  const port = String(portOf(url))
  return new JhubError('JHUB-E220', `A program of another account listens at ${url}, where the hub should`, {
    fix: [`sudo ss --listening --tcp --processes 'sport = :${port}'   # shows which one; end it`, 'jhub up'],
  })
}
