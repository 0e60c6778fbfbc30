import type {Duplex} from 'node:stream'

/** Endpoints of this process on the loopback address. */
export interface Tunnels {
  /** Opens a port for as long as this process runs, without keeping it running; gives the port. */
  open(onConnection: (socket: Duplex) => void): Promise<number>
}
