import {Readable} from 'node:stream'
import {redefine} from './terminal.js'

/** Runs an action with these bytes on standard input. */
export async function withStdin<T>(bytes: Uint8Array, action: () => Promise<T>): Promise<T> {
  const putBack = redefine(process, 'stdin', Readable.from([bytes]))
  try {
    return await action()
  } finally {
    putBack()
  }
}
