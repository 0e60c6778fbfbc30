import type {Home} from '../../../engines/engine.js'
import {JhubError} from '../../../errors.js'
import type {LocalFiles} from '../../../host/files/files.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'

/** Bytes that stay free. What is read and not written yet fits into them. */
const roomToLeave = 64 * 1024 * 1024

export interface LocalRoom {
  /**
   * Works with a home from which so many bytes are written to this disk. What was read is on the disk, and is reserved no
   * longer. Throws `JHUB-E229` where there is no room for them beside what others are still to write.
   */
  reserve<T>(home: Home, bytes: number, work: (home: Home) => Promise<T>): Promise<T>
}

/** The room on the disk of this computer, for several who write there at the same time. */
export function localRoom(files: Pick<LocalFiles, 'freeBytes'>, directory: string): LocalRoom {
  let reserved = 0
  return {
    async reserve(home, bytes, work) {
      const free = Math.max(0, (await files.freeBytes(directory)) - reserved - roomToLeave)
      if (bytes > 0 && bytes > free)
        throw new JhubError(
          'JHUB-E229',
          `${formatRoughMemory(bytes)} are still to be fetched, and this computer has room for only ${formatRoughMemory(free)} (jhub leaves ${formatRoughMemory(roomToLeave)} free): free up some space, or choose another --to`,
        )
      let unread = bytes
      const release = (read: number) => {
        unread -= read
        reserved -= read
      }
      reserved += bytes
      try {
        return await work(telling(home, (read) => release(Math.min(read, unread))))
      } finally {
        release(unread)
      }
    },
  }
}

/** The same home, that tells how many bytes were read. */
function telling(home: Home, tell: (bytes: number) => void): Home {
  return {
    ...home,
    async read(parts) {
      const answers = await home.read(parts)
      tell(answers.reduce((total, each) => total + (each?.length ?? 0), 0))
      return answers
    },
  }
}
