import {createServer} from 'node:tls'
import {issueCertificate, makeAuthority} from '../../src/engines/vm/https/issue-certificate.js'
import type {KeyPair} from '../../src/engines/vm/https/certificate.js'
import {listen, type Served} from './listen.js'
import type {MemoryFiles} from './memory-files.js'

interface CaddyConfig {
  readonly apps: {
    readonly http: {readonly https_port: number}
    readonly tls: {readonly certificates: {readonly automate: readonly [string]}}
  }
}

/** What stands in place of Caddy: it reads its configuration, and shows a certificate unless the authority refuses. */
export interface FakeHttpsProxy {
  /** What an authority says instead of giving a certificate. */
  refusal: string | undefined
  /** Caddy's log, as it writes it. */
  readonly log: string[]
  start(argv: readonly string[]): Promise<void>
  stop(): Promise<void>
}

const certificates = new Map<string, Promise<KeyPair>>()

async function issue(domain: string): Promise<KeyPair> {
  return issueCertificate(await makeAuthority('Fake Authority', Date.now()), [domain], Date.now())
}

export function fakeHttpsProxy(files: MemoryFiles): FakeHttpsProxy {
  let served: Served | undefined
  const httpsProxy: FakeHttpsProxy = {
    refusal: undefined,
    log: [],
    async start(argv) {
      const text = await files.read(argv[argv.indexOf('--config') + 1] ?? '')
      if (text === undefined) throw new Error('Caddy was started without its configuration')
      const {http, tls} = (JSON.parse(text) as CaddyConfig).apps
      const [domain] = tls.certificates.automate
      httpsProxy.log.push(JSON.stringify({level: 'info', msg: 'using config from file'}))
      if (httpsProxy.refusal !== undefined) {
        const error = `[${domain}] Obtain: ${httpsProxy.refusal}`
        httpsProxy.log.push(JSON.stringify({level: 'error', logger: 'tls.obtain', msg: 'will retry', error}))
        return
      }
      const pair = certificates.get(domain) ?? issue(domain)
      certificates.set(domain, pair)
      const {certificate: cert, key} = await pair
      served = await listen(createServer({cert, key}), {port: http.https_port})
    },
    async stop() {
      const old = served
      served = undefined
      await old?.stop()
    },
  }
  return httpsProxy
}
