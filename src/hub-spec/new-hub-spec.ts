import {stringify} from 'yaml'
import type {MachineName} from './hub-spec.js'

export interface NewHub {
  readonly name: string
  /** Default: vm. */
  readonly mode?: 'vm' | 'k8s'
  readonly machine: MachineName
  readonly port: number
  readonly admin: string
}

/** A spec to begin with, for a person to read and change. */
export function renderNewHubSpec({name, mode = 'vm', machine, port, admin}: NewHub): string {
  return `# The settings file of your JupyterHub. Change it here or with jhub's commands; \`jhub plan\` shows what \`jhub up\` would do.
version: 1
name: ${name}
mode: ${mode}
${mode === 'vm' ? `vm: {machine: ${machine}}` : 'k8s: {cluster: kind}   # or docker-desktop, or context:NAME of your kubeconfig'}
access: {port: ${String(port)}}   # only this computer; "lan: true" (jhub up --lan) is for people in the room too

# Who may log in. Passwords are not stored here; \`jhub user password NAME\` gives a new one.
users:
  ${stringify(admin).trim()}: {admin: true}

# How much one server may use. A person's or a group's limits win over these.
limits:
  default: {memory: 1G, cpu: 2}

# Servers that nobody uses are stopped; files stay.
idle: {after: 1h}
`
}
