import type {EnvHttpProxyAgent} from 'undici'
import {definedOnly} from '../../defined-only.js'
import {specificProxies} from './proxies.js'

/** The way of undici to other computers: through a company's proxy where the environment names one. */
export async function outwardAgent(options: EnvHttpProxyAgent.Options): Promise<EnvHttpProxyAgent> {
  const {EnvHttpProxyAgent} = await import('undici')
  const {HTTPS_PROXY: httpsProxy, HTTP_PROXY: httpProxy} = specificProxies(process.env)
  return new EnvHttpProxyAgent({...options, ...definedOnly({httpsProxy, httpProxy})})
}
