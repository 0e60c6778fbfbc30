import {PassThrough} from 'node:stream'

/** What a terminal has and a captured stream has not. */
const terminal = {isTTY: true, columns: 80, getWindowSize: () => [80, 24]}

/** Runs an action for somebody at a terminal, who types these keys at the first question. */
export async function atTerminal<T>(keys: string, action: () => Promise<T>): Promise<T> {
  const undo = [
    redefine(process, 'stdin', keyboard(keys)),
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

function keyboard(keys: string): PassThrough {
  let isAsked = false
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    /** A program that asks something takes each key by itself, and shows its question in the next turn of the loop. */
    setRawMode(isRaw: boolean) {
      if (isRaw && !isAsked) setImmediate(() => setImmediate(() => stream.write(keys)))
      isAsked ||= isRaw
      return stream
    },
  })
  return stream
}
