import type {X509Certificate} from 'node:crypto'
import type {FilesSpec} from '../../../hub-spec/access/https-spec.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import {covers, daysLeft, isAddress, issuerOf, namesOf, readChain, readKey, type KeyPair} from './certificate.js'

export interface GivenCertificate extends FilesSpec {
  /** What stands in the two files; absent: there is no such file. */
  readonly texts: Partial<KeyPair>
  readonly access: HubSpec['access']
  readonly nowMs: number
}

const soonDays = 14

/** Whether a certificate and a key that were given to us can stand at the hub's endpoint. */
export function checkCertificate({cert, key, texts, access, nowMs}: GivenCertificate): Finding {
  const problem = (found: string, needed: string, fix: string): Finding => ({
    check: `certificate ${cert}`,
    state: 'problem',
    found,
    needed,
    fix,
  })
  if (texts.certificate === undefined) return problem('there is no such file', 'a certificate', 'jhub config edit')
  if (texts.key === undefined) return problem(`there is no ${key}`, 'its private key', 'jhub config edit')
  const chain = readChain(texts.certificate)
  if (chain === undefined) return problem('it holds no certificate', 'PEM, as BEGIN CERTIFICATE', `head -1 ${cert}`)
  if (/ENCRYPTED/.test(texts.key))
    return problem(`${key} has a passphrase`, 'a key without one', `openssl pkey -in ${key} -out hub.key`)
  const privateKey = readKey(texts.key)
  if (privateKey === undefined)
    return problem(`${key} holds no private key`, 'PEM, as BEGIN PRIVATE KEY', `head -1 ${key}`)
  const [leaf, ...above] = chain
  if (!leaf.checkPrivateKey(privateKey)) {
    return above.some((each) => each.checkPrivateKey(privateKey))
      ? problem(
          "the hub's own certificate is not the first in it",
          'it first, then those above it',
          `cat hub.pem chain.pem > ${cert}`,
        )
      : problem(`${key} is the key of another certificate`, 'two that belong together', 'jhub config edit')
  }
  const astray = chain.findIndex((each, index) => index > 0 && chain[index - 1]?.checkIssued(each) === false)
  if (astray > 0)
    return problem(
      `certificate ${String(astray + 1)} in it did not sign the one before it`,
      'each signed by the next',
      `openssl storeutl -noout -text -certs ${cert}   # shows each`,
    )
  if (leaf.validFromDate.getTime() > nowMs)
    return problem(`it begins on ${day(leaf.validFromDate)}`, 'one for today', 'date   # is the clock right?')
  if (leaf.validToDate.getTime() <= nowMs)
    return problem(`it ended on ${day(leaf.validToDate)}`, 'one for today', 'Fetch a new one to the same place.')
  const names = namesOf(leaf)
  if (names.length === 0)
    return problem('it names no host (subjectAltName)', 'the names in the address of the hub', 'Fetch one with names.')
  return warn(leaf, names, {cert, access, nowMs})
}

function warn(
  leaf: X509Certificate,
  names: readonly string[],
  {cert, access, nowMs}: Pick<GivenCertificate, 'cert' | 'access' | 'nowMs'>,
): Finding {
  const check = `certificate ${cert}`
  const found = `by ${issuerOf(leaf)}, for ${names.join(', ')}, until ${day(leaf.validToDate)}`
  if (daysLeft(leaf, nowMs) < soonDays) {
    const fix = 'Fetch a new one to the same place, then: jhub up'
    return {check, state: 'warning', found, needed: `more than ${String(soonDays)} days`, fix}
  }
  if (!isReachable(leaf, names, access)) {
    const here = access.lan ? 'the addresses of this machine' : access.address
    const fix = access.lan
      ? 'Get one for the name in the address of the hub.'
      : 'Set access.lan: true in the settings file'
    return {check, state: 'warning', found, needed: `one for ${here}: the hub is open there, and there only`, fix}
  }
  return {check, state: 'ok', found}
}

/** By a name that may be of this machine, or by the address of the spec. */
function isReachable(leaf: X509Certificate, names: readonly string[], {address, lan}: HubSpec['access']): boolean {
  if (lan && ['0.0.0.0', '::'].includes(address)) return true
  if (lan && names.some((name) => !isAddress(name))) return true
  return covers(leaf, address) || (!lan && covers(leaf, 'localhost'))
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
