import {definedOnly} from '../../../../defined-only.js'
import {letsEncrypt, type AcmeSpec} from '../../../../hub-spec/access/https-spec.js'

export interface CaddyWanted_ {
  readonly https: AcmeSpec
  /** Where people come; Caddy is handed this port as its descriptor 3, and the one that redirects to HTTPS as 4. */
  readonly port: number
  /** Where the hub's proxy takes what Caddy hands on. */
  readonly proxySocket: string
  /** What Caddy keeps its account and its certificates in. */
  readonly storage: string
  /** The root by which the authority's directory is known, where one was given. */
  readonly rootFile: string | undefined
  /** The page that people see while the hub's proxy does not answer. */
  readonly awayPage: string
}

/** A configuration of Caddy (https://caddyserver.com/docs/json/): nothing but one hub, and nobody may change it from outside. */
export function caddyConfig({https, port, proxySocket, storage, rootFile, awayPage}: CaddyWanted_): object {
  const {domain, email, directory = letsEncrypt.directory, redirect} = https
  return {
    admin: {disabled: true, config: {persist: false}},
    logging: {logs: {default: {encoder: {format: 'json'}, writer: {output: 'stderr'}}}},
    storage: {module: 'file_system', root: storage},
    apps: {
      http: {
        // Where the authority's own requests arrive, whatever they were sent to before something forwarded them here.
        https_port: port,
        ...definedOnly({http_port: redirect}),
        grace_period: '5s',
        servers: {
          hub: {
            listen: ['fd/3'],
            protocols: ['h1', 'h2'],
            automatic_https: {disable: true},
            tls_connection_policies: [{}],
            routes: [{handle: [{handler: 'reverse_proxy', upstreams: [{dial: `unix/${proxySocket}`}]}]}],
            errors: {routes: [{match: [{header: {Accept: ['*text/html*']}}], handle: [showPage(awayPage)]}]},
          },
          ...(redirect === undefined
            ? {}
            : {
                redirect: {
                  listen: ['fd/4'],
                  protocols: ['h1'],
                  automatic_https: {disable: true},
                  routes: [{handle: [leadTo(`https://${domain}{http.request.uri}`)]}],
                },
              }),
        },
      },
      tls: {
        certificates: {automate: [domain]},
        automation: {
          policies: [
            {
              subjects: [domain],
              issuers: [
                {
                  module: 'acme',
                  ca: directory,
                  ...definedOnly({email}),
                  ...(rootFile === undefined ? {} : {trusted_roots_pem_files: [rootFile]}),
                  ...(redirect === undefined ? {challenges: {http: {disabled: true}}} : {}),
                },
              ],
            },
          ],
        },
      },
    },
  }
}

function leadTo(location: string): object {
  return {handler: 'static_response', status_code: '308', headers: {Location: [location]}}
}

/** Braces of a page are its own: Caddy replaces only what it knows. */
function showPage(page: string): object {
  return {
    handler: 'static_response',
    status_code: '{http.error.status_code}',
    headers: {'Content-Type': ['text/html; charset=utf-8'], 'Cache-Control': ['no-store']},
    body: page,
  }
}
