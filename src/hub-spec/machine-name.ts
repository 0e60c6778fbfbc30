import {JhubError} from '../errors.js'

/** `auto`, one of the kinds, or where ssh goes. */
export type MachineName = (typeof machineKinds)[number] | `ssh://${string}`

export const machineKinds = ['auto', 'docker', 'host', 'process'] as const

export const machinePattern = /^(?:auto|docker|host|process|ssh:\/\/(?:[\w.-]+@)?[\w.:[\]-]+)$/

/** Throws `JHUB-E100` for a word that names no machine. */
export function parseMachineName(text: string): MachineName {
  if (machinePattern.test(text)) return text as MachineName
  throw new JhubError('JHUB-E100', `"${text}" is not a machine`, {
    fix: `One of: ${machineKinds.join(', ')}, ssh://admin@203.0.113.7`,
  })
}
