import {isDeepStrictEqual} from 'node:util'
import type {ImageLock} from '../../../hub-spec/image-lock.js'
import {renderImageRecords, withLocks} from '../../../hub-spec/image-records.js'
import type {Step} from '../../../steps/step.js'
import type {Machine} from '../machines/machine.js'
import {readImageRecords} from '../packages/image-records.js'

/** Keeps on the machine what its images are made of, and what they were before: a rollback needs nothing else. */
export function recordImages(
  machine: Pick<Machine, 'files' | 'layout'>,
  locks: () => Promise<ReadonlyMap<string, ImageLock | undefined>>,
): Step {
  const {files, layout} = machine
  let before: string | undefined
  let isWritten = false
  const look = async () => {
    const found = await readImageRecords(machine)
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
      const {wanted} = await look()
      before = await files.read(layout.images)
      isWritten = true
      if (wanted.size === 0) await files.remove(layout.images)
      else await files.write(layout.images, renderImageRecords(wanted), {mode: 0o600})
    },
    async undo() {
      if (!isWritten) return
      if (before === undefined) await files.remove(layout.images)
      else await files.write(layout.images, before, {mode: 0o600})
    },
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1
}
