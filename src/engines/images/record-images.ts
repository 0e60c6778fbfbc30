import {isDeepStrictEqual} from 'node:util'
import type {ImageLock} from '../../hub-spec/images/image-lock.js'
import {withLocks, type ImageRecords} from '../../hub-spec/images/image-records.js'
import type {Step} from '../../steps/step.js'

/** Where the hub keeps what its images are made of. */
export interface ImageRecordStore {
  /** Nothing where none were kept, or they were damaged. */
  read(): Promise<ImageRecords>
  /** Replaces them all; no records leave nothing behind. */
  write(records: ImageRecords): Promise<void>
}

/** Keeps with the hub what its images are made of, and what they were before: a rollback needs nothing else. */
export function recordImages(
  store: ImageRecordStore,
  locks: () => Promise<ReadonlyMap<string, ImageLock | undefined>>,
): Step {
  let before: ImageRecords | undefined
  const look = async () => {
    const found = await store.read()
    return {found, wanted: withLocks(found, await locks())}
  }
  return {
    title: 'Record what images are made of',
    async check() {
      const {found, wanted} = await look()
      return isDeepStrictEqual([...found].toSorted(byName), [...wanted].toSorted(byName))
        ? undefined
        : {summary: 'record what images are made of', disturbs: 'live'}
    },
    async apply() {
      const {found, wanted} = await look()
      before = found
      await store.write(wanted)
    },
    async undo() {
      if (before !== undefined) await store.write(before)
    },
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
