import path from 'node:path'
import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'

/** As `jhub_accounts.py` calls it: the highest account number that was ever given on this machine. */
const name = '.accounts'

/** Removes the file once no hub has data on the machine any more. */
export function forgetNumbers({files, layout}: Pick<Machine, 'files' | 'layout'>): Step {
  const parent = path.posix.dirname(layout.data)
  const file = path.posix.join(parent, name)
  const isLast = async () => (await files.list(parent))?.join() === name
  return {
    title: 'Forget account numbers',
    async check() {
      return (await isLast()) ? {summary: `remove ${file}`, disturbs: 'live'} : undefined
    },
    async apply() {
      if (await isLast()) await files.remove(file)
    },
  }
}
