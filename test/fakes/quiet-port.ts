import {realHost} from '../../src/host/real-host.js'

/** Below the ports that e2e tests name, and below those that a system gives to connections, of which any may be one of these next. */
const below = 18_000

/** A port of the loopback address that is free and stays so, since nobody is given it who does not ask for it. */
export function quietPort(): Promise<number> {
  return realHost().processes.freePort({below})
}
