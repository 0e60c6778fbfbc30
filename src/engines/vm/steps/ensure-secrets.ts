import type {Clock} from '../../../host/clock.js'
import type {Step} from '../../../steps/step.js'
import {chooseInnerPorts, readInnerPorts} from '../configuration/inner-ports.js'
import type {Machine} from '../machines/machine.js'
import {findSecrets, newSecrets, renderSecrets} from '../../secrets.js'

/** Tokens, the cookie secret and the inner ports: made once, kept until `down`. A damaged file is set aside, not lost. */
export function ensureSecrets(machine: Machine, clock: Clock): Step {
  const {files, layout} = machine
  const made: string[] = []
  return {
    title: "Make the hub's secrets",
    async check() {
      const found = await findSecrets(files, layout.secrets)
      if (found.state === 'damaged') {
        return {
          summary: `make new secrets: ${layout.secrets} is damaged (everybody logs in again)`,
          disturbs: 'hub restarts (servers keep running)',
        }
      }
      if (found.state === 'missing' || (await readInnerPorts(machine)) === undefined) {
        return {summary: 'make tokens and a cookie secret', disturbs: 'live'}
      }
      return undefined
    },
    async apply() {
      const found = await findSecrets(files, layout.secrets)
      if (found.state === 'damaged')
        await files.rename(layout.secrets, `${layout.secrets}.damaged-${String(clock.now())}`)
      if (found.state !== 'whole') {
        made.push(layout.secrets)
        await files.write(layout.secrets, renderSecrets(newSecrets()), {mode: 0o600})
      }
      if ((await readInnerPorts(machine)) === undefined) {
        made.push(layout.innerPorts)
        await chooseInnerPorts(machine)
      }
    },
    async undo() {
      for (const file of made) await files.remove(file)
    },
  }
}
