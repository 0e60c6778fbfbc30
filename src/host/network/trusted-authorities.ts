import {readFile} from 'node:fs/promises'

/** Certificates of the authorities that Node knows, and of a company's that `SSL_CERT_FILE` names, as PEM. */
export async function trustedAuthorities(): Promise<readonly string[]> {
  const {rootCertificates} = await import('node:tls')
  const file = process.env['SSL_CERT_FILE']
  return file === undefined || file === '' ? rootCertificates : [...rootCertificates, await readFile(file, 'utf8')]
}
