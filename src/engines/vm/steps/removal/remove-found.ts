import path from 'node:path'
import type {Files} from '../../../../host/files/files.js'
import type {Step} from '../../../../steps/step.js'

interface Found {
  readonly title: string
  /** What a directory is, in front of its name, which is often a hash alone. */
  readonly kindOf: (directory: string) => string
  readonly find: () => Promise<readonly string[]>
}

/** Removes the directories that `find` gives, and names them in the plan. */
export function removeFound(files: Files, {title, kindOf, find}: Found): Step {
  return {
    title,
    async check() {
      const found = await find()
      return found.length === 0
        ? undefined
        : {
            summary: `remove ${found.map((each) => `${kindOf(each)} ${path.posix.basename(each)}`).join(', ')}`,
            disturbs: 'live',
          }
    },
    async apply() {
      for (const directory of await find()) await files.remove(directory)
    },
  }
}
