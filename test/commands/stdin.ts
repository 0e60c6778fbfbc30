import {Readable} from 'node:stream'

/** Runs an action with these bytes on standard input. */
export async function withStdin<T>(bytes: Uint8Array, action: () => Promise<T>): Promise<T> {
  const real = Object.getOwnPropertyDescriptor(process, 'stdin')
  Object.defineProperty(process, 'stdin', {configurable: true, value: Readable.from([bytes])})
  try {
    return await action()
  } finally {
    if (real !== undefined) Object.defineProperty(process, 'stdin', real)
  }
}
