import type {Files} from '../host/files/files.js'
import {findUnfinished} from '../host/files/unfinished-file.js'
import type {Disturbance, Step} from '../steps/step.js'

/** Removes files and directories that jhub made, half-written copies of them too, and then their parent directory when nothing else is in it. */
export function removePaths(
  files: Files,
  title: string,
  paths: readonly string[],
  parent: string,
  disturbs: Disturbance = 'live',
): Step {
  const present = async () => {
    const found = await Promise.all(paths.map(async (path) => ((await files.stat(path)) === undefined ? [] : [path])))
    return [...found.flat(), ...(await findUnfinished(files, paths))]
  }
  const isParentEmpty = async () => (await files.list(parent))?.length === 0
  return {
    title,
    async check() {
      const found = await present()
      if (found.length > 0) return {summary: `remove ${found.join(', ')}`, disturbs}
      return (await isParentEmpty()) ? {summary: `remove ${parent}`, disturbs: 'live'} : undefined
    },
    async apply() {
      for (const path of await present()) await files.remove(path)
      if (await isParentEmpty()) await files.remove(parent)
    },
  }
}
