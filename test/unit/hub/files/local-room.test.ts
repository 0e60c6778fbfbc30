import {describe, expect, it} from 'vitest'
import type {Home} from '../../../../src/engines/homes/homes-keeper.js'
import {localRoom} from '../../../../src/hub/files/local/local-room.js'

const MB = 1024 ** 2

/** A disk with that much beside what is left free, and homes whose files are on it once they were read. */
function diskOf(bytes: number) {
  let free = bytes + 64 * MB
  const home: Pick<Home, 'read'> = {
    read: (parts) => {
      for (const {length} of parts) free -= length
      return Promise.resolve(parts.map(({length}) => new Uint8Array(length)))
    },
  }
  const room = localRoom({freeBytes: () => Promise.resolve(free)}, '/')
  return {home: home as Home, room}
}

const read = (home: Home, length: number) => home.read([{path: 'a', version: '1', offset: 0, length}])

describe('the room of a disk', () => {
  it('is not counted twice for what is written already', async () => {
    const {home, room} = diskOf(10 * MB)
    const said = await room.reserve(home, 6 * MB, async (first) => {
      await read(first, 6 * MB)
      return room.reserve(home, 4 * MB, () => Promise.resolve('there is room'))
    })
    expect(said).toBe('there is room')
  })

  it('is kept for what is still to be written', async () => {
    const {home, room} = diskOf(10 * MB)
    const both = room.reserve(home, 6 * MB, async (first) => {
      await read(first, 2 * MB)
      return room.reserve(home, 5 * MB, () => Promise.resolve())
    })
    await expect(both).rejects.toThrow('room for only 4M')
  })

  it('is free again after somebody whose files came to less', async () => {
    const {home, room} = diskOf(10 * MB)
    await room.reserve(home, 9 * MB, (first) => read(first, 1 * MB))
    await expect(room.reserve(home, 9 * MB, () => Promise.resolve('there is room'))).resolves.toBe('there is room')
  })
})
