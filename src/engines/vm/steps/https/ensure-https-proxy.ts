import {JhubError} from '../../../../errors.js'
import type {Clock} from '../../../../host/clock.js'
import type {AcmeSpec} from '../../../../hub-spec/access/https-spec.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import type {Step} from '../../../../steps/step.js'
import {waitUntil, type Probe} from '../../../../steps/wait-until.js'
import type {Configuration} from '../../configuration/configuration.js'
import {publicPorts} from '../../configuration/endpoint.js'
import {authorityName} from '../../https/authority-name.js'
import {certificateTrouble} from '../../https/certificate-trouble.js'
import {readCaddyCertificate} from '../../https/caddy/read-caddy-certificate.js'
import {readCaddyLog} from '../../https/caddy/caddy-log.js'
import {httpsProxyService} from '../../https/caddy/https-proxy-service.js'
import {lastLines} from '../../services/last-lines.js'
import type {Machine} from '../../machines/machine.js'

export interface EnsureHttpsProxyOptions {
  readonly machine: Machine
  readonly clock: Clock
  readonly access: HubSpec['access']
  readonly https: AcmeSpec
  readonly wanted: () => Promise<Pick<Configuration, 'httpsProxy' | 'hubPython'> | undefined>
}

/**
 * Caddy where people come, with a certificate for the name of the hub. It comes before the proxy: until an authority has given
 * one, people go on as before.
 */
export function ensureHttpsProxy({machine, clock, access, https, wanted}: EnsureHttpsProxyOptions): Step {
  const {supervisor, files, layout} = machine
  const {domain} = https
  let isNew = false
  let isFirst = false
  let hasCertificate = false

  const showsCertificate = async () => (await readCaddyCertificate(machine, https, access)) !== undefined
  const probe = async (report: (note: string) => void): Promise<Probe<true>> => {
    if (await showsCertificate()) return {ready: true}
    const isStopped = (await supervisor.status('https')).state === 'stopped'
    const {last = 'the HTTPS proxy starts', failure} = readCaddyLog(await lastLines(machine, 'https', 200))
    if (failure !== undefined || isStopped) throw certificateTrouble(https, failure ?? last)
    report(last)
    return {notYet: last}
  }
  return {
    title: `Fetch the certificate of ${domain}`,
    async check() {
      const [configuration, state] = await Promise.all([wanted(), supervisor.status('https')])
      if (state.state === 'stopped')
        return {summary: `start the HTTPS proxy, and get a certificate from ${authorityName(https)}`, disturbs: 'live'}
      if (configuration?.httpsProxy === undefined || state.fingerprint !== configuration.httpsProxy.fingerprint)
        return {
          summary: 'restart the HTTPS proxy with its new settings',
          disturbs: 'hub restarts (servers keep running)',
        }
      const {httpsProxy, hubPython} = configuration
      if (!(await supervisor.isInstalled(httpsProxyService(machine, {httpsProxy, hubPython}))))
        return {summary: 'repair the unit of the HTTPS proxy', disturbs: 'hub restarts (servers keep running)'}
      return (await showsCertificate())
        ? undefined
        : {summary: `fetch a certificate for ${domain} from ${authorityName(https)}`, disturbs: 'live'}
    },
    async apply(context) {
      const {signal} = context
      const configuration = await wanted()
      if (configuration?.httpsProxy === undefined)
        throw new JhubError('JHUB-E001', 'The HTTPS proxy was asked for before its settings')
      const {httpsProxy, hubPython} = configuration
      isNew = (await supervisor.status('https')).state === 'stopped'
      isFirst = (await files.stat(layout.acme)) === undefined
      await files.makeDirectory(layout.acme, {mode: 0o700})
      const isClosed = await isProxyThere(machine, access)
      const makeRoom = isClosed ? () => supervisor.stop('proxy', signal) : undefined
      await supervisor.start(httpsProxyService(machine, {httpsProxy, hubPython}), makeRoom)
      const waiting = waitUntil(() => probe((note) => context.report(note)), {
        what: `a certificate for ${domain} from ${authorityName(https)}`,
        deadlineMs: 180_000,
        intervalMs: 250,
        clock,
        signal,
        fix: 'jhub logs --of https',
      })
      await waiting.catch((error: unknown) => {
        throw isClosed ? whileClosed(error) : error
      })
      hasCertificate = true
    },
    async undo() {
      if (isNew) await supervisor.stop('https')
      if (isFirst && !hasCertificate) await files.remove(layout.acme)
    },
  }
}

/** The proxy of before may still stand where the HTTPS proxy will; then nobody reaches the hub until that is there. */
async function isProxyThere(machine: Machine, access: HubSpec['access']): Promise<boolean> {
  const [own, ofProxy, httpsProxy] = await Promise.all([
    machine.supervisor.heldPorts('https'),
    machine.supervisor.heldPorts('proxy'),
    machine.supervisor.status('https'),
  ])
  if (publicPorts(access).some((port) => ofProxy.includes(port))) return true
  const others = publicPorts(access).filter((port) => !own.includes(port))
  const states = await Promise.all(others.map((port) => machine.network.portState(port, access.address)))
  return states.some(
    (seen) => seen.state === 'used' && !(httpsProxy.state === 'running' && seen.pid === httpsProxy.pid),
  )
}

function whileClosed(error: unknown): unknown {
  if (!(error instanceof JhubError)) return error
  const closed =
    'Nobody can reach the hub until then, because it used these ports. With the earlier settings, jhub up opens it again.'
  return new JhubError(error.code, error.message, {cause: error.cause, fix: [...error.suggestions, closed]})
}
