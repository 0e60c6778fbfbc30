import type {CgroupTree} from './cgroups/cgroup-tree.js'
import type {MachineFacts} from '../machines/machine.js'

/** What this machine can and cannot hold to, for the person who answers for it. */
export function platformNotes(facts: MachineFacts, cgroup: CgroupTree | undefined): readonly string[] {
  const accounts =
    facts.uid === 0
      ? "Each person has an account of their own: nobody reads another's files."
      : `Everybody works as ${facts.userName} here: people can read each other's files, and yours. Use it with people you trust, or to try jhub out.`
  return [
    accounts,
    limitsNote(facts, cgroup),
    'Servers reach every network that this machine reaches, cloud metadata included.',
  ]
}

function limitsNote(facts: MachineFacts, cgroup: CgroupTree | undefined): string {
  if (cgroup !== undefined) return `The kernel enforces memory and CPU limits (cgroup v${String(cgroup.version)}).`
  if (facts.platform === 'darwin') return 'Limits are not enforced on macOS.'
  return 'Each process of a server has the memory limit to itself (rlimit), not all processes together; core limits are not enforced.'
}
