/** An address as it stands before a port: `[::1]`. */
export function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

/** What listens there listens on every address of its machine. */
export function isEveryAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** The host by which a machine reaches what listens on its own address. `0.0.0.0` can be listened on but not connected to. */
export function localHost(address: string): string {
  if (address === '::') return '[::1]'
  return address === '0.0.0.0' ? '127.0.0.1' : hostOf(address)
}

/** Only this machine reaches it. */
export function isLoopback(address: string): boolean {
  return /^(?:127\.|::1$)/.test(address)
}

/**
 * The loopback address of the other kind of IP, which browsers may try first where somebody types `localhost`; `undefined`
 * where what listens at `address` listens there too, or is not at a loopback address.
 */
export function addressBeside(address: string): string | undefined {
  if (address === '::1') return '127.0.0.1'
  return address === '0.0.0.0' || isLoopback(address) ? '::1' : undefined
}
