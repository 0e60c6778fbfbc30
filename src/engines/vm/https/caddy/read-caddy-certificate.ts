import type {X509Certificate} from 'node:crypto'
import {readShownCertificate} from '../../../../jupyterhub/tls/served-certificate.js'
import type {AcmeSpec} from '../../../../hub-spec/access/https-spec.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import {localUrl} from '../../configuration/endpoint.js'
import type {Machine} from '../../machines/machine.js'
import {covers} from '../certificate.js'

/** The certificate that Caddy shows to whoever asks for the hub's name; `undefined` while it has none for it. */
export async function readCaddyCertificate(
  machine: Pick<Machine, 'supervisor' | 'network'>,
  {domain}: AcmeSpec,
  access: HubSpec['access'],
): Promise<X509Certificate | undefined> {
  if ((await machine.supervisor.status('https')).state === 'stopped') return undefined
  const shown = await readShownCertificate(await machine.network.reach(localUrl(access)), domain)
  return shown !== undefined && covers(shown, domain) ? shown : undefined
}
