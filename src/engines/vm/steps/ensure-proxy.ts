import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import type {Configuration} from '../configuration.js'
import {localUrl} from '../hub-settings.js'
import {readInnerPorts} from '../inner-ports.js'
import type {Machine} from '../machines/machine.js'
import {forgetRunningDoor, readRunningDoor, writeRunningDoor} from '../running-door.js'
import {proxyService} from '../services.js'

/** The door of the hub. Its change closes open pages for a moment; the servers behind it run on. */
export function ensureProxy(machine: Machine, spec: HubSpec, wanted: () => Promise<Configuration | undefined>): Step {
  let started = false
  return {
    title: 'Start the proxy',
    async check() {
      const [configuration, state, door] = await Promise.all([
        wanted(),
        machine.supervisor.status('proxy'),
        readRunningDoor(machine),
      ])
      if (state.state === 'stopped')
        return {summary: `start the proxy on port ${String(spec.access.port)}`, disturbs: 'live'}
      return state.fingerprint === configuration?.proxyFingerprint && door?.url === localUrl(spec)
        ? undefined
        : {summary: 'restart the proxy with its new settings', disturbs: 'hub restarts (servers keep running)'}
    },
    async apply({signal}) {
      const [configuration, ports] = await Promise.all([
        wanted(),
        readInnerPorts(machine.files, machine.layout.innerPorts),
      ])
      if (configuration === undefined || ports === undefined)
        throw new JhubError('JHUB-E001', 'The proxy was asked for before its settings')
      started = (await machine.supervisor.status('proxy')).state === 'stopped'
      await machine.supervisor.stop('proxy', signal)
      const {trust} = configuration
      await writeRunningDoor(machine, {url: localUrl(spec), ...(trust === undefined ? {} : {trust})})
      await machine.supervisor.start(proxyService(machine, configuration, spec, ports))
    },
    async undo() {
      if (!started) return
      await machine.supervisor.stop('proxy')
      await forgetRunningDoor(machine)
    },
  }
}
