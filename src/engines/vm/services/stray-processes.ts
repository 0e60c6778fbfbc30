import {JhubError} from '../../../errors.js'
import type {Layout} from '../machines/layout.js'
import type {Agent} from '../remote/agent.js'
import {unitPrefix} from './systemd/units.js'

/** A process of a hub on a machine with systemd. */
export interface HubProcess {
  readonly pid: number
  /** When it began, as the kernel counts: another process may have its pid later. */
  readonly started: string
  /** In whose control group it lives; absent where it lives in none of the hub's. */
  readonly unit?: string
}

/** A hub's processes, whether systemd still knows them as its own or not. */
export interface HubProcesses {
  /** Those in the control groups of its units, and those whose program lies below its directories. */
  list(): Promise<readonly HubProcess[]>
  /** Asks them to end; after 15 seconds the system ends them. Throws `JHUB-E501` when one is still there five seconds later. */
  end(processes: readonly HubProcess[], signal?: AbortSignal): Promise<void>
}

/** As the agent on the machine sees them. */
export function hubProcesses(agent: Agent, layout: Layout, hubName: string): HubProcesses {
  const below = [layout.root, layout.data]
  return {
    list: async () => (await agent.ask('processesOf', {below, units: unitPrefix(hubName)})) as readonly HubProcess[],
    async end(processes, signal) {
      const left = (await agent.ask(
        'endProcesses',
        {processes},
        signal === undefined ? {} : {signal},
      )) as readonly number[]
      if (left.length > 0)
        throw new JhubError('JHUB-E501', `Processes of the hub are still running: ${left.join(', ')}`, {
          fix: `ps -o pid,stat,args -p ${left.join(',')}   # on the machine: says what they are`,
        })
    },
  }
}
