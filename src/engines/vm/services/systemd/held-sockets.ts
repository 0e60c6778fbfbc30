import {JhubError, messageOf} from '../../../../errors.js'
import type {Files} from '../../../../host/files/files.js'
import {requireOurUnit} from './our-unit.js'
import type {ServiceDefinition} from '../supervisor.js'
import type {Systemctl} from './systemctl.js'
import {passingUnitDirectory, renderPortChange, renderSocketUnit, unitFile, unitNames} from './units.js'

type ServiceName = ServiceDefinition['name']

/** Ports of services at which systemd listens, so that they belong to the hub while its programs are away. */
export interface HeldSockets {
  /** Has systemd listen for a service. Where it does so already, at these very ports, they are not let go of. Throws `JHUB-E206`. */
  hold(service: ServiceDefinition): Promise<void>
  areHeld(service: ServiceDefinition): Promise<boolean>
  portsOf(name: ServiceName): Promise<readonly number[]>
}

export function heldSockets(files: Files, systemd: Systemctl, hubName: string): HeldSockets {
  const names = unitNames(hubName)

  /** Gives a socket unit that listens its new text. False when it cannot share its ports: an older jhub made it. */
  const changeHands = async (name: ServiceName, wanted: string): Promise<boolean> => {
    const unit = names.portChange(name)
    const file = `${passingUnitDirectory}/${unit}`
    await files.write(file, renderPortChange(hubName, name), {mode: 0o644})
    await systemd.do(['daemon-reload'])
    await files.write(unitFile(names.socket(name)), wanted, {mode: 0o644})
    try {
      await systemd.do(['start', unit])
      return true
    } catch {
      return false
    } finally {
      await files.remove(file)
      await systemd.do(['daemon-reload'])
      await systemd.forgetFailures([unit])
    }
  }

  const listenAt = async (name: ServiceName, before: string | undefined, wanted: string): Promise<void> => {
    const unit = names.socket(name)
    if (before !== undefined && (await systemd.isActive(unit)) && (await changeHands(name, wanted))) return
    await files.write(unitFile(unit), wanted, {mode: 0o644})
    await systemd.do(['daemon-reload'])
    await systemd.do(['restart', unit])
  }

  return {
    async hold({name, listeners}) {
      if (listeners === undefined) return
      const unit = names.socket(name)
      const [before, wanted] = [await requireOurUnit(files, unitFile(unit)), renderSocketUnit(hubName, name, listeners)]
      if (before !== wanted || !(await systemd.isActive(unit))) {
        try {
          await listenAt(name, before, wanted)
        } catch (error) {
          const ports = listeners.map(({port}) => String(port)).join(', ')
          throw new JhubError(
            'JHUB-E206',
            `systemd could not listen at the hub's ports ${ports}: ${messageOf(error)}`,
            {
              fix: ['jhub doctor', `journalctl --unit ${unit}   # on the machine`],
            },
          )
        }
      }
      if (!(await systemd.isEnabled(unit))) await systemd.do(['enable', '--quiet', unit])
    },

    async areHeld({name, listeners}) {
      if (listeners === undefined) return true
      const unit = names.socket(name)
      if ((await files.read(unitFile(unit))) !== renderSocketUnit(hubName, name, listeners)) return false
      return (await systemd.isActive(unit)) && (await systemd.isEnabled(unit))
    },

    async portsOf(name) {
      const said = await systemd.showLines([names.socket(name)], ['ActiveState', 'Listen'])
      if (!/^ActiveState=active$/m.test(said)) return []
      return [...said.matchAll(/^Listen=\S*:(\d+) \(Stream\)$/gm)].map(([, port]) => Number(port))
    },
  }
}
