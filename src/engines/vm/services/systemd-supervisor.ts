import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files.js'
import type {Layout} from '../machines/layout.js'
import {serviceNames, type ServiceDefinition, type ServiceState, type Supervisor} from './supervisor.js'
import {
  fingerprintVariable,
  parseProperties,
  renderEnvironmentFile,
  renderUnit,
  unitDirectory,
  unitMark,
  unitNames,
} from './units.js'
import type {Machine} from '../machines/machine.js'

/** By which systemctl says that it knows no such unit (systemctl(1)). */
const notLoaded = 5

export interface SystemdMachine {
  readonly files: Files
  readonly run: Machine['run']
  readonly layout: Layout
  readonly hubName: string
  readonly isThere: () => Promise<boolean>
}

/** Services as units of systemd, which starts them again when they die and when the machine is booted. */
export function systemdSupervisor({files, run, layout, hubName, isThere}: SystemdMachine): Supervisor {
  const names = unitNames(hubName)
  const fileOf = (name: ServiceDefinition['name']) => `${unitDirectory}/${names.service(name)}`
  const environmentFile = (name: ServiceDefinition['name']) => `${layout.run}/${name}.env`
  const systemctl = async (words: readonly string[], signal?: AbortSignal) =>
    run(['systemctl', '--no-pager', ...words], {timeoutMs: 60_000, ...(signal === undefined ? {} : {signal})})

  const show = async (unit: string, properties: readonly string[]) => {
    const {stdout} = await systemctl(['show', unit, `--property=${properties.join(',')}`])
    return parseProperties(stdout)
  }

  const status = async (name: ServiceDefinition['name']): Promise<ServiceState> => {
    if (!(await isThere())) return {state: 'stopped'}
    const properties = await show(names.service(name), ['ActiveState', 'MainPID', 'Environment'])
    const pid = Number(properties.get('MainPID') ?? 0)
    if (properties.get('ActiveState') !== 'active' || pid === 0) return {state: 'stopped'}
    const fingerprint = new RegExp(`\\b${fingerprintVariable}=(\\S+)`).exec(properties.get('Environment') ?? '')?.[1]
    // `PartOf=` has systemd itself start the hub anew with its proxy.
    return {state: 'running', pid, fingerprint, generation: fingerprint ?? ''}
  }

  /** Units of servers that run, or failed and still stand in systemd's list. */
  const servers = async (): Promise<readonly string[]> => {
    if (!(await isThere())) return []
    const {stdout} = await systemctl(['list-units', '--all', '--plain', '--no-legend', names.anyServer])
    return stdout.split('\n').flatMap((line) => line.trim().split(/\s+/)[0] || [])
  }

  const isEnabled = async (name: ServiceDefinition['name']) => {
    const {stdout} = await run(['systemctl', 'is-enabled', names.service(name)], {okExitCodes: [0, 1, 4]})
    return stdout.trim() === 'enabled'
  }

  return {
    status,
    async isInstalled(service) {
      const [unit, environment, isBooted] = await Promise.all([
        files.read(fileOf(service.name)),
        files.read(environmentFile(service.name)),
        isEnabled(service.name),
      ])
      return (
        unit === renderUnit(hubName, service, environmentFile(service.name)) &&
        environment === renderEnvironmentFile(service.env) &&
        isBooted
      )
    },
    async start(service) {
      const file = fileOf(service.name)
      const before = await files.read(file)
      if (before !== undefined && !before.startsWith(unitMark)) {
        throw new JhubError('JHUB-E403', `${file} is not jhub's, so it is left as it is`, {
          fix: `Move ${file} away, or give the hub another name.`,
        })
      }
      await files.write(environmentFile(service.name), renderEnvironmentFile(service.env), {mode: 0o600})
      await files.write(file, renderUnit(hubName, service, environmentFile(service.name)), {mode: 0o644})
      await systemctl(['daemon-reload'])
      await systemctl(['enable', '--quiet', names.service(service.name)])
      await systemctl(['restart', names.service(service.name)])
    },
    async stop(name, signal) {
      if (!(await isThere())) return
      const file = fileOf(name)
      const unit = names.service(name)
      await files.remove(environmentFile(name))
      const text = await files.read(file)
      if (text !== undefined && !text.startsWith(unitMark)) return
      // A unit runs on when its file is lost; then only its link is left to disable.
      if (text === undefined) await files.remove(`${unitDirectory}/multi-user.target.wants/${unit}`)
      else await systemctl(['disable', '--quiet', unit], signal)
      await run(['systemctl', '--no-pager', 'stop', unit], {
        okExitCodes: [0, notLoaded],
        timeoutMs: 60_000,
        ...(signal === undefined ? {} : {signal}),
      })
      if (text === undefined) return
      await files.remove(file)
      await systemctl(['daemon-reload'])
      await run(['systemctl', 'reset-failed', unit], {okExitCodes: [0, 1]})
    },
    async stopServers(signal) {
      const units = await servers()
      if (units.length === 0) return 0
      await systemctl(['stop', ...units], signal)
      await run(['systemctl', 'reset-failed', ...units], {okExitCodes: [0, 1]})
      return units.length
    },
    async environmentsInUse() {
      const units = await servers()
      if (units.length === 0) return []
      const {stdout} = await systemctl(['show', ...units, '--property=ExecStart'])
      const below = `${layout.environments}/`
      const found = [...stdout.matchAll(/path=(\S+)/g)].flatMap(([, path]) =>
        path?.startsWith(below) === true ? [`${below}${path.slice(below.length).split('/')[0] ?? ''}`] : [],
      )
      return [...new Set(found)]
    },
    async countProcesses() {
      const services = await Promise.all(
        serviceNames.map(
          async (name) => (await files.stat(fileOf(name))) !== undefined || (await status(name)).state === 'running',
        ),
      )
      return services.filter(Boolean).length + (await servers()).length
    },
  }
}
