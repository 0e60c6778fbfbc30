import path from 'node:path'
import type {Files} from '../../../../host/files/files.js'
import type {Step} from '../../../../steps/step.js'

/** Removes the directories that `find` gives, and names them in the plan. */
export function removeFound(files: Files, title: string, find: () => Promise<readonly string[]>): Step {
  return {
    title,
    async check() {
      const found = await find()
      return found.length === 0
        ? undefined
        : {summary: `remove ${found.map((name) => path.posix.basename(name)).join(', ')}`, disturbs: 'live'}
    },
    async apply() {
      for (const directory of await find()) await files.remove(directory)
    },
  }
}
