import {readFile} from 'node:fs/promises'
import {endianness} from 'node:os'
import {BlockList} from 'node:net'

/**
 * The account that gets what is sent to an address of this Linux machine, by the kernel's own tables: of several listeners at
 * one port, the most particular one. `undefined`: nobody listens.
 */
export async function listenerUid(port: number, address: string): Promise<number | undefined> {
  const tables = await Promise.all(
    (['/proc/net/tcp', '/proc/net/tcp6'] as const).map((file) => readFile(file, 'utf8').catch(() => '')),
  )
  const atPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const listeners = tables
    .flatMap((table) => table.split('\n').filter((line) => line.includes(atPort)))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, place = '', , state]) => state === '0A' && place.endsWith(atPort))
    .map(([, place = '', , , , , , uid]) => ({host: hostOf(place), uid: Number(uid)}))
  const found = [address, '0.0.0.0', '::'].map((each) => listeners.find(({host}) => isSame(host, each)))
  return found.find((listener) => listener !== undefined)?.uid
}

/** Of `0100007F:1F40`, the words of four bytes in the order of this machine. */
function hostOf(place: string): string {
  const [digits = ''] = place.split(':')
  const words = digits.match(/.{8}/g) ?? []
  const bytes = words.map((word) => {
    const raw = Buffer.from(word, 'hex')
    return endianness() === 'LE' ? raw.reverse() : raw
  })
  const raw = Buffer.concat(bytes)
  return raw.length === 4 ? raw.join('.') : (raw.toString('hex').match(/.{4}/g) ?? []).join(':')
}

function isSame(host: string, address: string): boolean {
  const family = (each: string) => (each.includes(':') ? 'ipv6' : 'ipv4')
  if (family(host) !== family(address)) return false
  const list = new BlockList()
  list.addAddress(host, family(host))
  return list.check(address, family(address))
}
