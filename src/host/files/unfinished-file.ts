import {randomUUID} from 'node:crypto'
import path from 'node:path'
import type {Files} from './files.js'

const named = /^\.(.+)\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** A new name beside a file, for the text that takes its place once it is whole. `write` of `jhub_agent.py` gives the same kind. */
export function unfinishedFile(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
}

/** Whether a name in a directory is one of those. */
export function isUnfinished(name: string): boolean {
  return named.test(name)
}

/** Half-written copies of files: a jhub is writing one now, or was killed while it did. */
export async function findUnfinished(
  files: Pick<Files, 'list'>,
  places: readonly string[],
): Promise<readonly string[]> {
  const directories = [...new Set(places.map((place) => path.dirname(place)))]
  const found = await Promise.all(
    directories.map(async (directory) => {
      const names = (await files.list(directory)) ?? []
      const isOfThese = (name: string) => places.includes(path.join(directory, named.exec(name)?.[1] ?? ''))
      return names.filter((name) => isUnfinished(name) && isOfThese(name)).map((name) => path.join(directory, name))
    }),
  )
  return found.flat()
}

/** Removes half-written copies of files. Only for a caller that holds their lock: nobody else may be writing them. */
export async function removeUnfinished(
  files: Pick<Files, 'list' | 'remove'>,
  places: readonly string[],
): Promise<void> {
  for (const left of await findUnfinished(files, places)) await files.remove(left)
}
