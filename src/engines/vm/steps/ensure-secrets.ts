import type {Clock} from '../../../host/clock.js'
import type {Change, Step} from '../../../steps/step.js'
import {
  chooseInnerPorts,
  readInnerPorts,
  takenInnerPorts,
  writeInnerPorts,
  type InnerPorts,
} from '../configuration/inner-ports.js'
import {runningHubPort} from '../configuration/running-configuration.js'
import type {Machine} from '../machines/machine.js'
import {findSecrets, newSecrets, renderSecrets} from '../../sign-in/secrets.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {SignInSecret} from '../../../hub-spec/auth/auth-spec.js'
import type {GivenSecret} from '../../sign-in/sign-in-secret.js'

/**
 * Tokens, the cookie secret and the inner ports: made once, kept until `down`, but for a port that another program took while the
 * hub was down; beside them the secret of the sign-in, which is taken from where it was given. A damaged file is set aside, not lost.
 */
export function ensureSecrets(
  machine: Machine,
  clock: Clock,
  given: GivenSecret,
  {access}: Pick<HubSpec, 'access'>,
): Step {
  const {files, layout} = machine
  const made: string[] = []
  let before: {readonly text: string; readonly given: SignInSecret} | undefined
  let portsBefore: InnerPorts | undefined
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
      const taken = await takenInnerPorts(machine, access, ports)
      const isGiven = (await given.read()) !== undefined
      const changes = [
        ...(taken.length === 0 ? [] : [describeTaken(ports, taken)]),
        ...(isGiven ? ['give the hub the secret of the sign-in'] : []),
      ]
      return changes.length === 0
        ? undefined
        : {summary: changes.join('; '), disturbs: 'hub restarts (servers keep running)'}
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
      const taken = await takenInnerPorts(machine, access, ports)
      if (taken.length === 0) return
      portsBefore = ports
      await chooseInnerPorts(machine, taken.includes(ports.hub) ? undefined : ports.hub)
    },
    async undo() {
      if (before !== undefined) {
        await given.give(before.given)
        await files.write(layout.secrets, before.text, {mode: 0o600})
      }
      if (portsBefore !== undefined) await writeInnerPorts(machine, portsBefore)
      for (const file of made) await files.remove(file)
    },
  }
}

function describeTaken({hub}: InnerPorts, taken: readonly number[]): string {
  const summary = `choose other ports than ${taken.join(' and ')}, where another program listens now`
  return taken.includes(hub)
    ? `${summary} (servers that run reach the hub again after jhub server restart --all)`
    : summary
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
