import type {Finding} from '../../../findings/finding.js'
import {checkBesideTljh} from '../preflight/beside-tljh.js'
import type {Layout} from './layout.js'
import type {Agent} from '../remote/agent.js'
import {removePaths} from '../../remove-paths.js'
import {serviceNames} from '../services/supervisor.js'
import {unitDirectory, unitMark, unitNames} from '../services/systemd/units.js'
import type {MachineBase} from './machine.js'
import type {Files} from '../../../host/files/files.js'

export interface SeenMachine {
  readonly platform: string
  readonly architecture: string
  readonly uid: number
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  readonly hasSystemd: boolean
  readonly environment: Readonly<Record<string, string>>
}

export interface SystemdBaseOptions {
  readonly agent: Agent
  readonly files: Files
  readonly layout: Layout
  readonly hubName: string
}

/** Where all hubs of a machine stand. */
export const commonRoot = '/opt/jhub'

/** A machine that is somebody's already: looked at, and left as it was found but for what is ours. */
export function systemdBase({agent, files, layout, hubName}: SystemdBaseOptions): MachineBase {
  return {
    holdsAll: false,
    isThere: () => agent.isThere(),
    async preflight(spec) {
      const seen = (await agent.ask('facts')) as SeenMachine
      const [units, tljh] = await Promise.all([checkUnits(files, hubName), checkBesideTljh(files, spec)])
      return [checkSystemd(seen), checkRoot(seen), ...units, ...tljh]
    },
    upSteps: () => [],
    downSteps: () =>
      [removePaths(files, `Remove ${commonRoot}`, [], commonRoot)].filter(() => layout.root.startsWith(commonRoot)),
  }
}

function checkSystemd({hasSystemd, system}: SeenMachine): Finding {
  if (hasSystemd) return {check: 'systemd', state: 'ok', found: `runs ${system}`}
  return {
    check: 'systemd',
    state: 'problem',
    found: `it does not run ${system === '' ? 'there' : `on ${system}`}`,
    needed: 'a machine that systemd booted',
    fix: 'Set vm.machine in the settings file to docker or process.',
  }
}

function checkRoot({uid}: SeenMachine): Finding {
  if (uid === 0) return {check: 'rights', state: 'ok', found: 'root'}
  return {
    check: 'rights',
    state: 'problem',
    found: `uid ${String(uid)}`,
    needed: 'root, or sudo without a password',
    fix: 'Log in as root, or as somebody who may use sudo without a password.',
  }
}

async function checkUnits(files: Files, hubName: string): Promise<readonly Finding[]> {
  const names = unitNames(hubName)
  const findings = await Promise.all(
    [...serviceNames.map((name) => names.service(name)), names.socket('proxy'), names.socket('https')].map(
      async (unit): Promise<Finding[]> => {
        const file = `${unitDirectory}/${unit}`
        const text = await files.read(file)
        if (text === undefined || text.startsWith(unitMark)) return []
        return [
          {
            check: file,
            state: 'problem',
            found: 'it is there, and jhub did not make it',
            needed: 'no such unit',
            fix: `Move ${file} away, or give the hub another name.`,
          },
        ]
      },
    ),
  )
  return findings.flat()
}
