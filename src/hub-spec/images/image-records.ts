import {isSameBuild, type ImageLock} from './image-lock.js'

/** For each image the locks that it was last made of, the one in force first. */
export type ImageRecords = ReadonlyMap<string, readonly ImageLock[]>

/** So many builds of an image are kept, to go back to. */
const keptBuilds = 3

/** The text of records. */
export function renderImageRecords(records: ImageRecords): string {
  return `${JSON.stringify({version: 1, images: Object.fromEntries(records)}, undefined, 1)}\n`
}

/** The records once these locks are in force; images that are not among them are forgotten. */
export function withLocks(records: ImageRecords, locks: ReadonlyMap<string, ImageLock | undefined>): ImageRecords {
  return new Map(
    [...locks].map(([name, lock]) => {
      const before = records.get(name) ?? []
      if (lock === undefined) return [name, before]
      return [name, [lock, ...before.filter((each) => !isSameBuild(each, lock))].slice(0, keptBuilds)]
    }),
  )
}
