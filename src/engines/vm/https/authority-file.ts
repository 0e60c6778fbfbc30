import path from 'node:path'

/** What people's computers are told to trust: a copy on the machine that runs jhub. */
export function authorityFile(state: string): string {
  return path.join(state, 'ca.crt')
}
