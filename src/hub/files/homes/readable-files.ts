import type {FilesFound} from '../../../engines/engine.js'

/** What was found, with the files that nobody can read among those that were skipped. */
export function readableFiles(found: FilesFound): FilesFound {
  const closed = found.files.flatMap(({path, problem}) => (problem === undefined ? [] : [{path, why: problem}]))
  if (closed.length === 0) return found
  return {
    ...found,
    files: found.files.filter(({problem}) => problem === undefined),
    skipped: [...found.skipped, ...closed],
    leftOut: found.leftOut + closed.length,
  }
}
