import path from 'node:path'
import type {HubContext} from '../hub-context.js'

/** How a settings file names a file or directory that was typed in the current directory. */
export function seenFromSpec({asked}: Pick<HubContext, 'asked'>, file: string, typed: string): string {
  const relative = path.relative(path.dirname(file), path.resolve(asked.currentDirectory, typed))
  return relative.startsWith('..') ? path.resolve(asked.currentDirectory, typed) : relative
}
