import {createServer} from 'node:net'

/**
 * Above the ports that a hub of root chooses for itself, and below those that e2e tests name and those that a system gives
 * to connections, of which any may be one of these next.
 */
const everywhere = {from: 1024, below: 18_000}

/**
 * A port of the loopback address that is free and stays so until this process ends: whoever takes one here holds the odd
 * port above it, so that no other test looks at it, not even while nobody listens there.
 */
export async function quietPort({from, below} = everywhere): Promise<number> {
  const count = (below - from) / 2
  const first = Math.floor(Math.random() * count)
  for (let step = 0; step < count; step++) {
    const port = from + 2 * ((first + step) % count)
    if ((await listens(port + 1)) && (await listens(port, {briefly: true}))) return port
  }
  throw new Error(`no two ports beside each other below ${String(below)} are free`)
}

let inner: Promise<readonly [number, number]> | undefined

/** One of two ports that stay the same in this process: for a fake machine, of which one runs at a time. */
export async function innerPort({without = []}: {readonly without?: readonly number[]} = {}): Promise<number> {
  inner ??= Promise.all([quietPort(), quietPort()])
  const [first, second] = await inner
  return without.includes(first) ? second : first
}

/** Whether nobody else listened there; held until the process ends, where nothing else is said. */
function listens(port: number, {briefly = false} = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => {
        resolve(false)
      })
      .listen({port, host: '127.0.0.1', exclusive: true}, () => {
        if (briefly) server.close(() => resolve(true))
        else resolve(true)
      })
      .unref()
  })
}
