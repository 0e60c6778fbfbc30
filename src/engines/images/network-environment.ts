const proxyNames = [
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
  'all_proxy',
]
/** What programs of people are given of it: the way out, and whom to trust. */
export const outwardNames: readonly string[] = [...proxyNames, 'SSL_CERT_FILE', 'SSL_CERT_DIR']
const names = [
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
  return named(names, environment)
}

/** Only the proxies among them. */
export function proxyVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return named(proxyNames, environment)
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
