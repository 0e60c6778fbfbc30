import type {Clock} from '../../../host/clock.js'
import type {Change, Step} from '../../../steps/step.js'
import {chooseInnerPorts, readInnerPorts, takenInnerPorts, type InnerPorts} from '../configuration/inner-ports.js'
import {runningHubPort} from '../configuration/running-configuration.js'
import type {Machine} from '../machines/machine.js'
import {findSecrets, newSecrets, renderSecrets} from '../../sign-in/secrets.js'
import type {SignInSecret} from '../../../hub-spec/auth/auth-spec.js'
import type {GivenSecret} from '../../sign-in/sign-in-secret.js'

/**
 * Tokens, the cookie secret and the inner ports: made once, kept until `down`; beside them the secret of the sign-in, which is
 * taken from where it was given. A damaged file is set aside, not lost.
 */
export function ensureSecrets(machine: Machine, clock: Clock, given: GivenSecret): Step {
  const {files, layout} = machine
  const made: string[] = []
  let before: {readonly text: string; readonly given: SignInSecret} | undefined
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
      if (found.state === 'missing') return {summary: 'make tokens and a cookie secret', disturbs: 'live'}
      const ports = await readInnerPorts(machine)
      if (ports === undefined) return portsChange(machine)
      const taken = await takenInnerPorts(machine, ports)
      if (taken.length > 0) return takenChange(ports, taken)
      if ((await given.read()) !== undefined)
        return {summary: 'give the hub the secret of the sign-in', disturbs: 'hub restarts (servers keep running)'}
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
      const signIn = await given.read()
      const now = await findSecrets(files, layout.secrets)
      if (signIn !== undefined && now.state === 'whole') {
        before = {text: now.text, given: signIn}
        await files.write(layout.secrets, renderSecrets({...now.secrets, signIn}), {mode: 0o600})
        await given.forget()
      }
      const ports = await readInnerPorts(machine)
      if (ports === undefined) {
        made.push(layout.innerPorts)
        await chooseInnerPorts(machine, await runningHubPort(machine))
        return
      }
      const taken = await takenInnerPorts(machine, ports)
      if (taken.length > 0) await chooseInnerPorts(machine, taken.includes(ports.hub) ? undefined : ports.hub)
    },
    async undo() {
      if (before !== undefined) {
        await given.give(before.given)
        await files.write(layout.secrets, before.text, {mode: 0o600})
      }
      for (const file of made) await files.remove(file)
    },
  }
}

function takenChange({hub}: InnerPorts, taken: readonly number[]): Change {
  const summary = `choose other ports than ${taken.join(' and ')}, where another program listens now`
  return taken.includes(hub)
    ? {
        summary: `${summary} (servers that run reach the hub again after jhub server restart --all)`,
        disturbs: 'hub restarts (servers keep running)',
      }
    : {summary, disturbs: 'live'}
}

/** What becomes of a hub whose inner ports are not recorded. */
async function portsChange(machine: Machine): Promise<Change> {
  const {innerPorts} = machine.layout
  return (await runningHubPort(machine)) === undefined
    ? {
        summary: `choose ports for ${innerPorts} (servers that run reach the hub again after jhub server restart --all)`,
        disturbs: 'hub restarts (servers keep running)',
      }
    : {summary: `write ${innerPorts} again, with the port of the running hub`, disturbs: 'live'}
}
