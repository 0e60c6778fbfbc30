import type {HubConnection} from '../../../jupyterhub/hub-connection.js'
import {readServedCertificate} from '../../../jupyterhub/tls/served-certificate.js'
import {basePath} from '../../../hub-spec/access/base-url.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {CertificateStatus} from '../../engine.js'
import {readCaddyCertificate} from './caddy/read-caddy-certificate.js'
import type {Machine} from '../machines/machine.js'
import {authorityFile} from './authority-file.js'
import {plainUrl} from '../configuration/endpoint.js'
import {isAddress, issuerOf, namesOf} from './certificate.js'

export interface CertificateLook {
  readonly machine: Machine
  readonly connect: () => Promise<HubConnection | undefined>
  readonly access: HubSpec['access']
  readonly state: string
}

/** The certificate as people are shown it now. */
export async function certificateStatus({
  machine,
  connect,
  access,
  state,
}: CertificateLook): Promise<CertificateStatus | undefined> {
  const {https} = access
  const served =
    https?.by === 'acme' ? await readCaddyCertificate(machine, https, access) : await readProxyCertificate(connect)
  if (served === undefined) return undefined
  return {
    issuer: issuerOf(served),
    names: namesOf(served).map((name) => (name === '0:0:0:0:0:0:0:1' ? '::1' : name)),
    validFrom: served.validFromDate.toISOString(),
    validUntil: served.validToDate.toISOString(),
    ...(https?.by === 'internal' ? {trustFile: authorityFile(state)} : {}),
  }
}

async function readProxyCertificate(connect: CertificateLook['connect']) {
  const connection = await connect()
  return connection === undefined ? undefined : readServedCertificate(connection)
}

/** The address by which browsers find the certificate right: by a name of it, where only a name is in it. */
export function publicUrl(url: string, access: HubSpec['access'], names: readonly string[]): string {
  const {https, lan} = access
  if (https?.by === 'acme') return `https://${https.domain}${basePath(access)}`
  if (https?.by !== 'files') return url
  const address = new URL(url)
  const isNamed = names.includes(address.hostname)
  const name = names.find((each) => !isAddress(each) && !each.startsWith('*') && (lan || each === 'localhost'))
  if (isNamed || name === undefined) return url
  address.hostname = name
  return plainUrl(address)
}

export function trustNote(state: string): string {
  return `The certificate comes from an authority of this hub alone. Browsers warn until a computer trusts ${authorityFile(state)} (docs/https.md).`
}
