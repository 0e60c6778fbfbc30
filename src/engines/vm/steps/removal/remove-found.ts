import type {Files} from '../../../../host/files/files.js'
import type {Step} from '../../../../steps/step.js'

interface Found {
  readonly title: string
  /** What a directory is, for people: its name is often a hash alone. */
  readonly kindOf: (directory: string) => string
  readonly find: () => Promise<readonly string[]>
}

/** Removes the directories that `find` gives. The plan counts them by what they are. */
export function removeFound(files: Files, {title, kindOf, find}: Found): Step {
  return {
    title,
    async check() {
      const found = await find()
      return found.length === 0
        ? undefined
        : {
            summary: `remove ${countKinds(found.map(kindOf)).join(', ')}`,
            disturbs: 'live',
          }
    },
    async apply() {
      for (const directory of await find()) await files.remove(directory)
    },
  }
}

/** `1 old environment`, `2 old configurations`. */
function countKinds(kinds: readonly string[]): readonly string[] {
  return [...new Set(kinds)].map((kind) => {
    const count = kinds.filter((each) => each === kind).length
    return `${String(count)} old ${kind}${count === 1 ? '' : 's'}`
  })
}
