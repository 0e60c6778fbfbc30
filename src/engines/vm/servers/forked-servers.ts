import type {ForkStatus} from '../../engine.js'
import type {SystemdMachine} from '../services/systemd-supervisor.js'
import {unitNames} from '../services/units.js'

/** By what systemd shows of a fork (`jhub_prefork.py`). */
const forkedMark = 'StatusText=forked'

/** Which servers are forks, and whether new ones will be: as systemd knows it. */
export async function readForks({run, hubName}: SystemdMachine, isWanted: boolean): Promise<ForkStatus> {
  const names = unitNames(hubName)
  const [services, servers] = await Promise.all([
    run(['systemctl', 'show', names.anyForkService, '--property=ActiveState']),
    run(['systemctl', 'show', names.anyServer, '--property=StatusText']),
  ])
  const states = services.stdout.split('\n')
  const service = states.includes('ActiveState=active')
    ? 'ready'
    : states.includes('ActiveState=activating')
      ? 'starting'
      : 'absent'
  return {isWanted, service, forked: servers.stdout.split('\n').filter((line) => line === forkedMark).length}
}
