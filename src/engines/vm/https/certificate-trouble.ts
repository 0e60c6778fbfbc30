import {JhubError} from '../../../errors.js'
import {letsEncrypt, type AcmeSpec} from '../../../hub-spec/access/https-spec.js'
import {authorityName} from './authority-name.js'

/** Why no certificate came, in the authority's own words, and what mends it. The first that fits counts. */
export function certificateTrouble(https: AcmeSpec, said: string): JhubError {
  const fix = troubles.find(({words}) => words.test(said))?.fix(https) ?? 'jhub logs --of https'
  return new JhubError('JHUB-E219', `${authorityName(https)} gave no certificate for ${https.domain}`, {
    cause: new Error(said),
    fix,
  })
}

const troubles: readonly {readonly words: RegExp; readonly fix: (https: AcmeSpec) => string | readonly string[]}[] = [
  {
    words: /address already in use/i,
    fix: () => 'jhub doctor   # says who has the port',
  },
  {
    words: /rateLimited|too many/i,
    fix: () =>
      `Wait until the time it names. To try things out: https: {directory: "${letsEncrypt.stagingDirectory}", …}`,
  },
  {
    words: /x509|certificate signed by unknown authority/i,
    fix: () => "Name the PEM file of the authority's root in the settings file: access.https.ca",
  },
  {
    words: /invalidContact|invalid ?email|contact/i,
    fix: () => 'Give another access.https.email in the settings file: jhub config edit',
  },
  {
    words: /(?:registering account|provisioning client|\/directory)[^]*(?:dial|lookup|refused|timeout|deadline|EOF)/i,
    fix: (https) => [
      `curl -I ${https.directory ?? letsEncrypt.directory}   # on the machine of the hub: must answer`,
      'Behind a company proxy set HTTPS_PROXY and SSL_CERT_FILE there; then run the same command again.',
    ],
  },
  {
    words: /:(?:dns|caa)\b|NXDOMAIN|DNS problem|no valid A|CAA/i,
    fix: ({domain}) => `Point ${domain} at this machine (an A or AAAA record), wait until it does, then: jhub up`,
  },
  {
    words: /connection refused|timeout|unauthorized|:connection|no route|remote error|cannot be reached/i,
    fix: ({domain}) =>
      `Let the authority reach ${domain} at ports 80 and 443: the firewall, the router, the record of the name; then: jhub up`,
  },
]
