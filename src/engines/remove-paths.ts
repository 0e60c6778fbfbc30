import type {Files} from '../host/files/files.js'
import {isUnfinished} from '../host/files/unfinished-file.js'
import type {Disturbance, Step} from '../steps/step.js'

/**
 * Removes files and directories that jhub made, and then their parent directory when nothing else is in it but what a killed
 * jhub had not written to the end.
 */
export function removePaths(
  files: Files,
  title: string,
  paths: readonly string[],
  parent: string,
  disturbs: Disturbance = 'live',
): Step {
  const present = async () => {
    const found = await Promise.all(paths.map(async (path) => ((await files.stat(path)) === undefined ? [] : [path])))
    return found.flat()
  }
  const isParentEmpty = async () => (await files.list(parent))?.every(isUnfinished) === true
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
