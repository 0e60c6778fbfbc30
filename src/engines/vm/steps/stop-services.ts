import type {Step} from '../../../steps/step.js'
import type {Machine} from '../machines/machine.js'

/** Ends the hub first, so that it starts no more servers; then the servers; then the endpoint; then what is left of them. */
export function stopServices(machine: Machine): Step {
  const {supervisor} = machine
  return {
    title: 'Stop the hub and every server',
    async check() {
      const count = await supervisor.countProcesses()
      return count === 0
        ? undefined
        : {summary: `end ${String(count)} processes of the hub`, disturbs: 'all servers end (files stay)'}
    },
    async apply({signal}) {
      await supervisor.stop('hub', signal)
      await supervisor.stopServers(signal)
      await supervisor.stop('proxy', signal)
      await supervisor.stop('https', signal)
      await supervisor.endStrays(signal)
    },
  }
}
