import {request as requestHttp} from 'node:http'
import {request as requestHttps} from 'node:https'

/**
 * Whether something answers at an address of a hub that is no JupyterHub: another computer that has the address now, or the
 * page with which a network asks people to sign in. `false` also when nothing is said in `timeoutMs`: a busy hub takes its time.
 */
export function isSomethingElse(address: string, timeoutMs: number): Promise<boolean> {
  const url = new URL('hub/health', address.endsWith('/') ? address : `${address}/`)
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve) => {
    const asked =
      url.protocol === 'https:' ? requestHttps(url, {signal, rejectUnauthorized: false}) : requestHttp(url, {signal})
    asked.once('response', (response) => {
      response.destroy()
      resolve(!('x-jupyterhub-version' in response.headers))
    })
    asked.on('error', () => resolve(false)).end()
  })
}
