import {JhubError} from '../../errors.js'

interface MachineFacts {
  /** Who is root there can become root of this computer. */
  readonly rootIsOurs: boolean
  readonly enforcesEgress: boolean
  /** Images may have Debian packages there. */
  readonly takesDebianPackages: boolean
}

const ssh: MachineFacts = {rootIsOurs: false, enforcesEgress: true, takesDebianPackages: true}

/** What `vm.machine` may say besides an address of ssh; of `auto` nothing is known before it is looked at. */
const machines = {
  auto: {rootIsOurs: false, enforcesEgress: true, takesDebianPackages: true},
  docker: {rootIsOurs: true, enforcesEgress: true, takesDebianPackages: true},
  host: {rootIsOurs: false, enforcesEgress: true, takesDebianPackages: true},
  process: {rootIsOurs: false, enforcesEgress: false, takesDebianPackages: false},
} as const satisfies Readonly<Record<string, MachineFacts>>

type MachineWord = keyof typeof machines

/** `auto`, one of the kinds, or where ssh goes. */
export type MachineName = MachineWord | `ssh://${string}`

export const machineWords = Object.keys(machines) as readonly MachineWord[]

export const machinePattern = new RegExp(`^(?:${machineWords.join('|')}|ssh:\\/\\/(?:[\\w.-]+@)?[\\w:[][\\w.:[\\]-]*)$`)

/** `auto, docker, host, process or ssh://user@host[:port]`. */
export const machineChoices = `${machineWords.join(', ')} or ssh://user@host[:port]`

/** What is true of a machine, before it is looked at. */
export function machineFacts(name: string): MachineFacts {
  return machineWords.includes(name as MachineWord) ? machines[name as MachineWord] : ssh
}

/** As in `docker, host or ssh://…`. */
export const machinesWithEgress = machinesWith('enforcesEgress')
export const machinesWithDebianPackages = machinesWith('takesDebianPackages')

function machinesWith(fact: keyof MachineFacts): string {
  return `${machineWords.filter((word) => word !== 'auto' && machines[word][fact]).join(', ')} or ssh://…`
}

/** Throws `JHUB-E100` for a word that names no machine. */
export function parseMachineName(text: string): MachineName {
  if (machinePattern.test(text)) return text as MachineName
  throw new JhubError('JHUB-E100', `"${text}" is not a machine`, {
    fix: `One of: ${machineWords.join(', ')}, ssh://admin@203.0.113.7`,
  })
}
