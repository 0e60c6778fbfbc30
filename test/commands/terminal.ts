import {PassThrough} from 'node:stream'

/** Runs an action for somebody at a terminal, who types these keys at the first question. */
export async function atTerminal<T>(keys: string, action: () => Promise<T>): Promise<T> {
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    isAsked: false,
    /** A program that asks something takes each key by itself, and shows its question in the next turn of the loop. */
    setRawMode(isRaw: boolean) {
      if (isRaw && !keyboard.isAsked) setImmediate(() => setImmediate(() => keyboard.write(keys)))
      keyboard.isAsked ||= isRaw
      return keyboard
    },
  })
  const real = {
    stdin: Object.getOwnPropertyDescriptor(process, 'stdin'),
    isTTY: Object.getOwnPropertyDescriptor(process.stderr, 'isTTY'),
  }
  Object.defineProperty(process, 'stdin', {configurable: true, value: keyboard})
  Object.defineProperty(process.stderr, 'isTTY', {configurable: true, value: true})
  try {
    return await action()
  } finally {
    if (real.stdin !== undefined) Object.defineProperty(process, 'stdin', real.stdin)
    Object.defineProperty(process.stderr, 'isTTY', real.isTTY ?? {configurable: true, value: undefined})
  }
}
