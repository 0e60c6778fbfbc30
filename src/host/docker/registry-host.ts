const dockerHub = 'docker.io'

/** The host of the registry that a reference names: `quay.io`, `localhost:5000`; `docker.io` where it names none. */
export function registryHost(reference: string): string {
  const [first = '', ...rest] = reference.split('/')
  const isNamed = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  return isNamed && first !== 'index.docker.io' ? first : dockerHub
}

/** How Docker names a registry where it keeps accounts: Docker Hub has an address of its own. */
export function registryKey(host: string): string {
  return host === dockerHub || host === 'index.docker.io' ? 'https://index.docker.io/v1/' : host
}

/** Whether a registry is on this computer, from which Docker takes HTTP. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host)
}
