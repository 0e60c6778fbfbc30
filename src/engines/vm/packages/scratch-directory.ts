import {randomBytes} from 'node:crypto'
import path from 'node:path'
import type {Machine} from '../machines/machine.js'

/** A directory of the machine while `work` goes on; only the hub's account can enter it. */
export async function withScratchDirectory<T>(
  {files, layout}: Pick<Machine, 'files' | 'layout'>,
  name: string,
  work: (file: (name: string) => string) => Promise<T>,
): Promise<T> {
  const place = path.posix.join(layout.tools, `${name}.${randomBytes(6).toString('hex')}`)
  await files.makeDirectory(place, {mode: 0o700})
  try {
    return await work((each) => path.posix.join(place, each))
  } finally {
    await files.remove(place)
  }
}
