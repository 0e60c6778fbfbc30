import {JhubError} from '../../../errors.js'
import type {LocalFiles} from '../../../host/files/files.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'

/** Bytes that stay free. */
const roomToLeave = 64 * 1024 * 1024

export interface LocalRoom {
  /** Throws `JHUB-E229` where so many bytes have no room beside those that are being written already. */
  reserve<T>(bytes: number, work: () => Promise<T>): Promise<T>
}

/** The room on the disk of this computer, for several who write there at the same time. */
export function localRoom(files: Pick<LocalFiles, 'freeBytes'>, directory: string): LocalRoom {
  let reserved = 0
  return {
    async reserve(bytes, work) {
      const free = Math.max(0, (await files.freeBytes(directory)) - reserved - roomToLeave)
      if (bytes > 0 && bytes > free)
        throw new JhubError(
          'JHUB-E229',
          `${formatRoughMemory(bytes)} are still to be fetched, and this computer has room for only ${formatRoughMemory(free)} (jhub leaves ${formatRoughMemory(roomToLeave)} free): free up some space, or choose another --to`,
        )
      reserved += bytes
      try {
        return await work()
      } finally {
        reserved -= bytes
      }
    },
  }
}
