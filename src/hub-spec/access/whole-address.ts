import {z} from 'zod'

const wholeAddress = z.union([z.ipv4(), z.ipv6()])

export function isWholeAddress(text: string): boolean {
  return wholeAddress.safeParse(text).success
}
