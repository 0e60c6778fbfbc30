import {z} from 'zod'
import {machineChoices, machinePattern, parseMachineName, type MachineName} from './machine-name.js'

/** Of a hub on one machine. */
export interface VmSpec {
  readonly machine: MachineName
  readonly adminSudo: boolean
  /** Servers start as forks of a process that has imported everything, where the machine has systemd. */
  readonly prefork: boolean
}

export const vmSchema = z.strictObject({
  machine: z
    .string()
    .regex(machinePattern, `must be ${machineChoices}`)
    .optional()
    .describe(
      'The machine: auto, docker (a container with systemd), host (this machine, with systemd), process (processes of your own account) or ssh://user@host[:port].',
    ),
  adminSudo: z.boolean().optional().describe("Let the hub's admins use sudo on the machine. Default: false."),
  prefork: z
    .boolean()
    .optional()
    .describe('Start servers as forks of one process, on docker, host and ssh. Default: true.'),
})

export function toVmSpec({machine = 'auto', adminSudo = false, prefork = true}: z.infer<typeof vmSchema> = {}): VmSpec {
  return {machine: parseMachineName(machine), adminSudo, prefork}
}
