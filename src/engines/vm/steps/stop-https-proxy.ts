import type {Step} from '../../../steps/step.js'
import type {Supervisor} from '../services/supervisor.js'

/** Takes the HTTPS proxy away from a hub that has none any more. */
export function stopHttpsProxy(supervisor: Supervisor): Step {
  return {
    title: 'Stop the HTTPS proxy',
    async check() {
      if ((await supervisor.status('front')).state === 'stopped') return undefined
      return {summary: 'stop the HTTPS proxy', disturbs: 'hub restarts (servers keep running)'}
    },
    apply: ({signal}) => supervisor.stop('front', signal),
  }
}
