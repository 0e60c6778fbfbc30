import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import type {Configuration} from '../configuration/configuration.js'
import {localUrl} from '../configuration/endpoint.js'
import type {Machine} from '../machines/machine.js'
import {forgetRunningEndpoint, readRunningEndpoint, writeRunningEndpoint} from '../configuration/running-endpoint.js'
import {isHttpsProxyThere} from './https/stop-https-proxy.js'
import {proxyService} from '../services/services.js'

/** The endpoint of the hub. Its change closes open pages for a moment; the servers behind it run on. */
export function ensureProxy(machine: Machine, spec: HubSpec, wanted: () => Promise<Configuration | undefined>): Step {
  let started = false
  return {
    title: 'Start the proxy',
    async check() {
      const [configuration, state, endpoint] = await Promise.all([
        wanted(),
        machine.supervisor.status('proxy'),
        readRunningEndpoint(machine),
      ])
      if (state.state === 'stopped') return {summary: `start the proxy ${placeOf(spec)}`, disturbs: 'live'}
      const disturbs = 'hub restarts (servers keep running)'
      if (
        configuration === undefined ||
        state.fingerprint !== configuration.proxyFingerprint ||
        endpoint?.url !== localUrl(configuration.access)
      )
        return {summary: 'restart the proxy with its new settings', disturbs}
      return (await machine.supervisor.isInstalled(proxyService(machine, configuration)))
        ? undefined
        : {summary: 'repair how the proxy is started', disturbs}
    },
    async apply() {
      const configuration = await wanted()
      if (configuration === undefined) throw new JhubError('JHUB-E001', 'The proxy was asked for before its settings')
      started = (await machine.supervisor.status('proxy')).state === 'stopped'
      const {access, trust} = configuration
      await writeRunningEndpoint(machine, {url: localUrl(access), ...definedOnly({trust})})
      await machine.supervisor.start(proxyService(machine, configuration), await makeRoom(machine, spec))
    },
    async undo() {
      if (!started) return
      await machine.supervisor.stop('proxy')
      await forgetRunningEndpoint(machine)
    },
  }
}

/** Caddy of before may stand where the proxy will. */
async function makeRoom({supervisor}: Machine, {access}: HubSpec): Promise<(() => Promise<void>) | undefined> {
  if (access.https?.by === 'acme' || !(await isHttpsProxyThere(supervisor))) return undefined
  return () => supervisor.stop('https')
}

function placeOf({access: {https, port}}: HubSpec): string {
  return https?.by === 'acme' ? 'behind the HTTPS proxy' : `on port ${String(port)}`
}
