import {isBaseUrl} from '../access/base-url.js'
import {isDomain, isEmail} from '../access/https-document.js'
import {letsEncrypt} from '../access/https-spec.js'
import {isLoopback} from '../access/ip-address.js'
import {isWholeAddress} from '../access/whole-address.js'
import type {Keys, Take} from './take-keys.js'
import {isOn, oddSwitch, pathsOf, wordOf, wordsOf, type Taken} from './tljh-words.js'
import {isRecord} from '../document/is-record.js'

/** How people reach TLJH. Where it spoke HTTPS, the hub is never opened by plain HTTP instead. */
export function takeAccess(take: Take): Taken {
  const base = wordOf(take('base_url')) ?? '/'
  const {keys, notes} = takeOpening(take)
  if (base === '/') return {keys, notes}
  const access = isRecord(keys['access']) ? keys['access'] : {}
  return isBaseUrl(base)
    ? {keys: {...keys, access: {...access, baseUrl: base}}, notes}
    : {keys, notes: [...notes, `base_url ${base} is not a path such as /jupyter/: left out.`]}
}

function takeOpening(take: Take): Taken {
  const enabled = take('https', 'enabled')
  const isHttps = isOn(enabled)
  const place = takePlace(take, 'http', 80)
  if (isHttps) {
    const taken = takeHttps(take, place)
    return {...taken, notes: [...oddSwitch('https.enabled', enabled, 'HTTPS stays on'), ...taken.notes]}
  }
  const https = take('https')
  // `https: true`, where its keys are meant: whoever wrote it wanted no plain HTTP.
  if (!isRecord(https) && isOn(https)) return takeHttps(take, place)
  const {port, isOpen, keys, notes} = place
  return {
    keys: {access: {...keys, port: port ?? 8000, ...(isOpen ? {lan: true} : {})}},
    notes: [
      ...(isRecord(https) && pathsOf(https).length > 0
        ? ['HTTPS is off in TLJH: the other settings of https are left out.']
        : []),
      ...notes,
      ...(port === undefined ? ['http.port is not a port number: jhub uses 8000.'] : []),
      ...(isOpen ? ['The hub is open to the network by plain HTTP, as TLJH is (access.lan).'] : []),
      ...(port === undefined ? [] : [takenPorts([port])]),
    ],
  }
}

interface Place {
  readonly port?: number
  readonly isOpen: boolean
  readonly keys: {readonly address?: string}
  readonly notes: readonly string[]
}

function takePlace(take: Take, scheme: 'http' | 'https', standard: number): Place {
  const address = wordOf(take(scheme, 'address')) ?? ''
  const port = wordOf(take(scheme, 'port')) ?? String(standard)
  const hasAddress = address === '' || isWholeAddress(address)
  const isNamed = hasAddress && !/^(?:|0\.0\.0\.0|127\.0\.0\.1)$/.test(address)
  return {
    ...(isPort(port) ? {port: Number(port)} : {}),
    isOpen: hasAddress && !isLoopback(address),
    keys: isNamed ? {address} : {},
    notes: hasAddress ? [] : [`${scheme}.address ${address} is not an IP address: only this machine reaches the hub.`],
  }
}

function takeHttps(take: Take, http: Place): Taken {
  const {port = 443, isOpen, keys, notes} = takePlace(take, 'https', 443)
  const fetched = takeFetched(take)
  const files = takeFiles(take)
  const chosen = fetched.https === undefined || !isOpen ? files : fetched
  const told = [...notes, ...fetched.notes, ...files.notes]
  if (chosen.https === undefined) return {keys: {}, notes: [...told, closed]}
  const redirect = http.port === undefined || http.port === port ? false : http.port
  const isUsual = redirect === (port === 443 ? 80 : false)
  const redirecting = !isOpen || isUsual ? {} : {redirect}
  return {
    keys: {access: {...keys, ...(isOpen ? {lan: true} : {}), port, https: {...chosen.https, ...redirecting}}},
    notes: [
      ...told,
      ...(http.port === undefined ? ['http.port is not a port: http:// is not redirected to the hub.'] : []),
      ...(chosen === files && fetched.https !== undefined
        ? ['https.letsencrypt needs a hub that is open to the network: the certificate of https.tls is taken.']
        : []),
      ...(chosen === fetched && files.https !== undefined
        ? ['https.tls is left out: of two certificates, the one that is fetched is taken.']
        : []),
      takenPorts(isOpen && redirect !== false ? [port, redirect] : [port]),
    ],
  }
}

const closed =
  'HTTPS is on in TLJH, but jhub found no certificate that it could use. Passwords must not be sent unencrypted, so only this machine can reach the hub, at port 8000, until you set access.https.'

interface Certificate {
  readonly https?: Keys
  readonly notes: readonly string[]
}

function takeFetched(take: Take): Certificate {
  const email = wordOf(take('https', 'letsencrypt', 'email'))
  const words = wordsOf(take('https', 'letsencrypt', 'domains')).map((word) => word.toLowerCase())
  const isStaging = isOn(take('https', 'letsencrypt', 'staging'))
  if (words.length === 0) {
    return email === undefined
      ? {notes: []}
      : {notes: ['https.letsencrypt.email without https.letsencrypt.domains fetches no certificate: left out.']}
  }
  const [domain, ...others] = new Set(words.filter(isDomain))
  const odd = [...new Set(words)].filter((word) => !isDomain(word)).map(noDomain)
  if (domain === undefined) return {notes: odd}
  const hasEmail = email !== undefined && isEmail(email)
  return {
    https: {domain, ...(hasEmail ? {email} : {}), ...(isStaging ? {directory: letsEncrypt.stagingDirectory} : {})},
    notes: [
      ...odd,
      `A certificate for ${domain} is fetched anew when the hub comes up: the authority must reach this machine then.`,
      ...(others.length === 0
        ? []
        : [`https.letsencrypt.domains: the hub has one name, ${domain}; ${others.join(', ')} left out.`]),
      ...(email === undefined || hasEmail
        ? []
        : [`https.letsencrypt.email: ${email} is not an e-mail address; left out.`]),
    ],
  }
}

function noDomain(word: string): string {
  const why = word.startsWith('*.')
    ? 'stands for many names, and an authority that asks this machine certifies single names alone'
    : 'is not a name'
  return `https.letsencrypt.domains: ${word} ${why}; left out.`
}

function takeFiles(take: Take): Certificate {
  const [cert, key] = [wordOf(take('https', 'tls', 'cert')), wordOf(take('https', 'tls', 'key'))]
  if (cert === undefined && key === undefined) return {notes: []}
  if (cert === undefined || key === undefined) return {notes: ['https.tls has only one of cert and key: left out.']}
  return {
    https: {cert, key},
    notes: [`The certificate ${cert} and its key stay where they are: who runs jhub must be able to read both.`],
  }
}

function takenPorts(ports: readonly number[]): string {
  const several = ports.length > 1
  return `Port${several ? 's' : ''} ${ports.join(' and ')} ${several ? 'are' : 'is'} TLJH's while it runs: to have both, give access.port another number, as 8000.`
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
}
