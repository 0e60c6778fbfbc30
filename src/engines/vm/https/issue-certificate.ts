import {randomBytes, webcrypto} from 'node:crypto'
import {dayMs, isAddress, type KeyPair} from './certificate.js'

const algorithm = {name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256'}
const authorityDays = 3650
/** What Apple's systems take at most from any authority but a public one is 825 days; others take more. */
const certificateDays = 397

/** Clocks of people's computers may be behind. */
const sinceYesterday = (nowMs: number, days: number) => ({
  notBefore: new Date(nowMs - dayMs),
  notAfter: new Date(nowMs + days * dayMs),
})

/** A certificate authority that vouches for servers and for no other authority. */
export async function makeAuthority(name: string, nowMs: number): Promise<KeyPair> {
  const x509 = await loadX509()
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{CN: [name]}],
    ...sinceYesterday(nowMs, authorityDays),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return {certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey)}
}

/** A server's certificate for names and addresses. */
export async function issueCertificate(authority: KeyPair, names: readonly string[], nowMs: number): Promise<KeyPair> {
  const x509 = await loadX509()
  const keys = await newKeys()
  const above = new x509.X509Certificate(authority.certificate)
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(authority.key),
    algorithm,
    false,
    ['sign'],
  )
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{CN: [names[0] ?? 'jhub']}],
    issuer: above.subjectName,
    ...sinceYesterday(nowMs, certificateDays),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({type: isAddress(value) ? 'ip' : 'dns', value}))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(above),
    ],
  })
  return {certificate: `${certificate.toString('pem')}\n`, key: await exportKey(keys.privateKey)}
}

/** Loaded when a certificate is made; it needs the metadata of decorators first. */
async function loadX509() {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`
}

/** A positive number of 16 bytes. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}
