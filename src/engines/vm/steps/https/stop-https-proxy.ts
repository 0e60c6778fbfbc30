import type {Step} from '../../../../steps/step.js'
import type {Supervisor} from '../../services/supervisor.js'

/** Whether the HTTPS proxy runs, or holds its ports: one that ended by itself goes on holding them. */
export async function isHttpsProxyThere(supervisor: Pick<Supervisor, 'status' | 'heldPorts'>): Promise<boolean> {
  const [{state}, held] = await Promise.all([supervisor.status('https'), supervisor.heldPorts('https')])
  return state === 'running' || held.length > 0
}

/** Takes the HTTPS proxy away from a hub that has none any more. */
export function stopHttpsProxy(supervisor: Supervisor): Step {
  return {
    title: 'Stop the HTTPS proxy',
    async check() {
      if (!(await isHttpsProxyThere(supervisor))) return undefined
      return {summary: 'stop the HTTPS proxy', disturbs: 'hub restarts (servers keep running)'}
    },
    apply: ({signal}) => supervisor.stop('https', signal),
  }
}
