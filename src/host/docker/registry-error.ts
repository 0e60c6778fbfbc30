import {JhubError, messageOf} from '../../errors.js'
import {statusOf, translate} from './docker-answers.js'

interface Trouble {
  /** As the details of the error have it; `unknown` where nobody knows. */
  readonly reason: 'certificate' | 'http' | 'account' | 'silence'
  readonly words: RegExp
  readonly what: (host: string) => string
  readonly fix: (host: string) => readonly string[]
}

/** What the engine says of a registry, the particular before the general. */
const troubles: readonly Trouble[] = [
  {
    reason: 'certificate',
    words: /x509|certificate|tls: /i,
    what: (host) => `Docker does not trust the certificate of the registry ${host}`,
    fix: (host) => [
      `sudo install -D -m 644 CA.crt /etc/docker/certs.d/${host}/ca.crt   # the certificate of its authority`,
      "The cluster's nodes must trust that authority too: ask who runs them",
    ],
  },
  {
    reason: 'http',
    words: /HTTP response to HTTPS client/i,
    what: (host) => `The registry ${host} uses HTTP, and Docker accepts only HTTPS from it`,
    fix: (host) => [
      `"insecure-registries": ["${host}"] in /etc/docker/daemon.json, then restart Docker; the cluster's nodes need the same`,
    ],
  },
  {
    reason: 'account',
    words: /unauthorized|authentication required|no basic auth|denied|forbidden|insufficient_scope|incorrect username/i,
    what: (host) => `The registry ${host} refuses access`,
    fix: (host) => [`jhub image login ${host}`, `docker login ${host}   # for this computer only`],
  },
  {
    reason: 'silence',
    words:
      /connection refused|no such host|i\/o timeout|deadline exceeded|timed? ?out|unreachable|connection reset|\bEOF\b|dial tcp|server misbehaving|proxyconnect|awaiting headers|5\d\d (?:Bad Gateway|Service|Gateway|Internal)/i,
    what: (host) => `The registry ${host} does not answer`,
    fix: (host) => [`curl -I https://${host}/v2/   # does it answer? behind a proxy, Docker needs HTTPS_PROXY`],
  },
]

/** What a registry, or the engine on the way to it, refused: `JHUB-E236` with what to type, `JHUB-E215` without an engine. */
export function translateRegistryError(error: unknown, host: string, doing: string): unknown {
  if (error instanceof JhubError) return error
  const said = messageOf(error)
  const known = troubles.find(({words}) => words.test(said))
  if (known === undefined && statusOf(error) === undefined) return translate(error)
  return new JhubError('JHUB-E236', `${known?.what(host) ?? `The registry ${host} refuses`} (while ${doing})`, {
    cause: new Error(withoutStatus(said)),
    fix: known?.fix(host) ?? [`docker login ${host}`],
    details: {registry: host, reason: known?.reason ?? 'unknown'},
  })
}

/** `(HTTP code 500) server error - ` is how the engine hands on what a registry said. */
function withoutStatus(said: string): string {
  return said.replace(/^\(HTTP code \d+\)[^-]*- /, '').trim()
}

/** Whether these are words by which a registry asks for an account, or for another one. */
export function asksForAccount(said: string): boolean {
  return troubles.find(({words}) => words.test(said))?.reason === 'account'
}

/** Whether a registry said that it wants an account, or another one. */
export function isRefusal(error: JhubError): boolean {
  return error.details?.['reason'] === 'account'
}

/** The registry answers, and has nothing of that name. */
export function isMissing(error: unknown): boolean {
  return (
    statusOf(error) === 404 ||
    /manifest unknown|name unknown|repository name not known|manifest for .* not found/i.test(messageOf(error))
  )
}
