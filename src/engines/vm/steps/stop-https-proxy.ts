import type {Step} from '../../../steps/step.js'
import type {Supervisor} from '../services/supervisor.js'

/** Takes the HTTPS proxy away from a hub that has none any more. */
export function stopHttpsProxy(supervisor: Supervisor): Step {
  return {
    title: 'Stop the HTTPS proxy',
    async check() {
      const [{state}, held] = await Promise.all([supervisor.status('front'), supervisor.heldPorts('front')])
      if (state === 'stopped' && held.length === 0) return undefined
      return {summary: 'stop the HTTPS proxy', disturbs: 'hub restarts (servers keep running)'}
    },
    apply: ({signal}) => supervisor.stop('front', signal),
  }
}
