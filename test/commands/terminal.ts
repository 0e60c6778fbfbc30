import {PassThrough} from 'node:stream'

/** What a terminal has and a captured stream has not. */
const terminal = {isTTY: true, columns: 80, getWindowSize: () => [80, 24]}

/** Runs an action for somebody at a terminal, who types these keys, at each question the next. */
export async function atTerminal<T>(keys: string | readonly string[], action: () => Promise<T>): Promise<T> {
  const undo = [
    redefine(process, 'stdin', keyboard([keys].flat())),
    ...Object.entries(terminal).map(([name, value]) => redefine(process.stderr, name, value)),
  ]
  try {
    return await action()
  } finally {
    for (const each of undo) each()
  }
}

/** Gives what puts the old value back. */
export function redefine(object: object, name: string, value: unknown): () => void {
  const real = Object.getOwnPropertyDescriptor(object, name)
  Object.defineProperty(object, name, {configurable: true, value})
  return () => {
    if (real === undefined) Reflect.deleteProperty(object, name)
    else Object.defineProperty(object, name, real)
  }
}

function keyboard(keys: readonly string[]): PassThrough {
  const left = [...keys]
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    /** A program that asks something takes each key by itself, and shows its question in the next turn of the loop. */
    setRawMode(isRaw: boolean) {
      const typed = isRaw ? left.shift() : undefined
      if (typed !== undefined) setImmediate(() => setImmediate(() => stream.write(typed)))
      return stream
    },
  })
  return stream
}
