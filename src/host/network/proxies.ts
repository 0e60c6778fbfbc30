type Environment = Readonly<Record<string, string | undefined>>

const withLowerCase = (names: readonly string[]) => [...names, ...names.map((name) => name.toLowerCase())]

/** Variables whose value is the address of a proxy. */
const addressNames = withLowerCase(['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'])

/** Variables by which a company's network names its proxies, in both letter cases. */
export const proxyNames: readonly string[] = withLowerCase(['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY'])

/** Protocols that programs written in Go know. */
const known = /^(?:https?|socks5):\/\//i

/**
 * What `ALL_PROXY` says, under the names that every program reads: helm, kind, Caddy and undici do not read `ALL_PROXY`.
 * A name that is set already is left alone.
 */
export function specificProxies(environment: Environment): Readonly<Record<string, string>> {
  const value = (name: string) => [name, name.toLowerCase()].map((each) => environment[each]).find(isSet)
  const all = value('ALL_PROXY')
  if (all === undefined || (all.includes('://') && !known.test(all))) return {}
  const missing = ['HTTPS_PROXY', 'HTTP_PROXY'].filter((name) => value(name) === undefined)
  return Object.fromEntries(missing.map((name) => [name, all]))
}

/** Hosts and ports of the proxies, sorted, without what logs in there: `//proxy.example:3128`. */
export function proxyAddresses(environment: Environment): readonly string[] {
  const places = addressNames.flatMap((name) => {
    const url = environment[name]
    if (!isSet(url)) return []
    const place = URL.parse(url.includes('//') ? url : `http://${url}`)
    return place === null || place.host === '' ? [] : [`//${place.host}`]
  })
  return [...new Set(places)].sort()
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
