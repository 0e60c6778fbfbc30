import type {Step} from '../../../../steps/step.js'
import type {SystemdMachine} from '../../services/systemd/systemd-machine.js'
import {parseProperties, unitNames} from '../../services/systemd/units.js'

/** Takes away the slice of a hub's servers and the limits that were given to it, which by now hold nothing. */
export function removeSlice({files, run, hubName, isThere}: SystemdMachine): Step {
  const {slice, serversSlice} = unitNames(hubName)
  const limits = `/run/systemd/system.control/${serversSlice}.d`
  const present = async () => {
    if (!(await isThere())) return false
    const {stdout} = await run(['systemctl', 'show', serversSlice, '--property=ActiveState'])
    return parseProperties(stdout).get('ActiveState') === 'active' || (await files.stat(limits)) !== undefined
  }
  return {
    title: "Remove the servers' slice",
    async check() {
      return (await present()) ? {summary: `remove ${serversSlice}`, disturbs: 'live'} : undefined
    },
    async apply({signal}) {
      await run(['systemctl', 'stop', serversSlice], {signal})
      await files.remove(limits)
      await run(['systemctl', 'daemon-reload'], {signal})
      const {stdout} = await run(['systemctl', 'list-units', '--plain', '--no-legend', 'jhub-*'])
      if (stdout.trim() === '') await run(['systemctl', 'stop', slice], {signal})
    },
  }
}
