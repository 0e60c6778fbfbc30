import {JhubError} from '../../errors.js'
import type {Host} from '../../host/host.js'

/** What this account trusts beyond the system's own, as PEM, so that a machine or a container reaches what we reach. */
export async function companyCertificates({files, system}: Pick<Host, 'files' | 'system'>): Promise<string> {
  const named = [system.environment['NODE_EXTRA_CA_CERTS'], system.environment['SSL_CERT_FILE']]
  const texts = await Promise.all(
    [...new Set(named)].map(async (file) => {
      if (file === undefined || file === '') return ''
      const text = await files.read(file)
      if (text !== undefined) return text
      throw new JhubError('JHUB-E202', `NODE_EXTRA_CA_CERTS or SSL_CERT_FILE names ${file}, and there is no such file`)
    }),
  )
  return texts.filter((text) => text !== '').join('\n')
}
