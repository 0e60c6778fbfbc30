import {covers, daysLeft, readChain, readKey, type KeyPair} from './certificate.js'

const leastDays = 30

/** Why a certificate authority of ours cannot be used any more. */
export function whyNewAuthority({certificate, key}: KeyPair, nowMs: number): string | undefined {
  const [authority] = readChain(certificate) ?? []
  const privateKey = readKey(key)
  if (authority === undefined || privateKey === undefined || !authority.checkPrivateKey(privateKey)) return 'is damaged'
  return daysLeft(authority, nowMs) < leastDays ? endsSoon(daysLeft(authority, nowMs)) : undefined
}

/** Why a certificate that our authority issued needs another in its place. */
export function whyRenew(
  server: KeyPair,
  authority: KeyPair,
  names: readonly string[],
  nowMs: number,
): string | undefined {
  const [leaf] = readChain(server.certificate) ?? []
  const [above] = readChain(authority.certificate) ?? []
  const key = readKey(server.key)
  if (leaf === undefined || above === undefined || key === undefined || !leaf.checkPrivateKey(key))
    return 'it is damaged'
  if (!leaf.verify(above.publicKey)) return 'it was issued by a previous certificate authority'
  const left = daysLeft(leaf, nowMs)
  if (left < leastDays) return `it ${endsSoon(left)}`
  const missing = names.filter((name) => !covers(leaf, name))
  return missing.length === 0 ? undefined : `it is not for ${missing.join(', ')}`
}

function endsSoon(days: number): string {
  return days < 0 ? 'has ended' : `ends in ${String(days)} days`
}
