import {proxyNames, specificProxies} from '../../host/network/proxies.js'

/** What programs of people are given of it: the way out, and whom to trust. */
export const outwardNames: readonly string[] = [...proxyNames, 'SSL_CERT_FILE', 'SSL_CERT_DIR']
/** Variables by which a company's network says how jhub and the programs that it runs get out. */
export const networkNames: readonly string[] = [
  ...outwardNames,
  'UV_INDEX_URL',
  'UV_DEFAULT_INDEX',
  'UV_EXTRA_INDEX_URL',
  'PIP_INDEX_URL',
  'UV_PYTHON_INSTALL_MIRROR',
  'UV_CACHE_DIR',
  'UV_OFFLINE',
]

/** Proxies, private certificates and private indexes that a company's network asks for. */
export function networkEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return named(networkNames, {...environment, ...specificProxies(environment)})
}

/** Only the proxies among them. */
export function proxyVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return named(proxyNames, {...environment, ...specificProxies(environment)})
}

function named(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const found = names.flatMap((name) => {
    const value = environment[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found)
}
