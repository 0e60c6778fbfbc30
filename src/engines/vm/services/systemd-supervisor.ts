import {JhubError, messageOf} from '../../../errors.js'
import type {Files} from '../../../host/files.js'
import type {Layout} from '../machines/layout.js'
import {serviceNames, type ServiceDefinition, type ServiceState, type Supervisor} from './supervisor.js'
import {
  fingerprintVariable,
  parseProperties,
  renderEnvironmentFile,
  renderSocketUnit,
  renderUnit,
  unitDirectory,
  unitMark,
  targetOf,
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
  const placeOf = (unit: string) => `${unitDirectory}/${unit}`
  const fileOf = (name: ServiceDefinition['name']) => placeOf(names.service(name))
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

  const requireOurs = async (file: string) => {
    const text = await files.read(file)
    if (text === undefined || text.startsWith(unitMark)) return text
    throw new JhubError('JHUB-E403', `${file} is not jhub's, so it is left as it is`, {
      fix: `Move ${file} away, or give the hub another name.`,
    })
  }
  const isActive = async (unit: string) => (await show(unit, ['ActiveState'])).get('ActiveState') === 'active'

  /** Has systemd listen for a service. Where it does so already, at these very ports, they are not let go of. */
  const holdPorts = async ({name, listeners}: ServiceDefinition) => {
    const unit = names.socket(name)
    const file = placeOf(unit)
    if (listeners === undefined) return
    const [before, wanted] = [await requireOurs(file), renderSocketUnit(hubName, name, listeners)]
    if (before === wanted && (await isActive(unit))) {
      if (!(await isEnabled(unit))) await systemctl(['enable', '--quiet', unit])
      return
    }
    if (before !== undefined) await systemctl(['stop', unit])
    await files.write(file, wanted, {mode: 0o644})
    await systemctl(['daemon-reload'])
    await systemctl(['enable', '--quiet', unit])
    try {
      await systemctl(['start', unit])
    } catch (error) {
      const ports = listeners.map(({port}) => String(port)).join(', ')
      throw new JhubError('JHUB-E206', `systemd could not listen at the hub's ports ${ports}: ${messageOf(error)}`, {
        fix: ['jhub doctor', `journalctl --unit ${unit}   # on the machine`],
      })
    }
  }

  /** Units of that name that run, or failed and still stand in systemd's list. */
  const list = async (...patterns: readonly string[]): Promise<readonly string[]> => {
    if (!(await isThere())) return []
    const {stdout} = await systemctl(['list-units', '--all', '--plain', '--no-legend', ...patterns])
    return stdout.split('\n').flatMap((line) => line.trim().split(/\s+/)[0] || [])
  }
  const servers = () => list(names.anyServer)

  /** The socket of a service, where one holds its ports, and the service. */
  const unitsOf = (name: ServiceDefinition['name']) => [
    ...(name === 'hub' ? [] : [names.socket(name)]),
    names.service(name),
  ]
  const isEnabled = async (unit: string) => {
    const {stdout} = await run(['systemctl', 'is-enabled', unit], {okExitCodes: [0, 1, 4]})
    return stdout.trim() === 'enabled'
  }
  const arePortsHeld = async ({name, listeners}: ServiceDefinition) => {
    const unit = names.socket(name)
    if (listeners === undefined) return true
    if ((await files.read(placeOf(unit))) !== renderSocketUnit(hubName, name, listeners)) return false
    return (await isActive(unit)) && (await isEnabled(unit))
  }

  const portsOf = async (name: ServiceDefinition['name']): Promise<readonly number[]> => {
    const {stdout} = await systemctl(['show', names.socket(name), '--property=ActiveState,Listen'])
    if (!/^ActiveState=active$/m.test(stdout)) return []
    return [...stdout.matchAll(/^Listen=\S*:(\d+) \(Stream\)$/gm)].map(([, port]) => Number(port))
  }
  const heldPorts: Supervisor['heldPorts'] = async (only) => {
    if (!(await isThere())) return []
    const holding = only === undefined ? serviceNames.filter((name) => name !== 'hub') : [only]
    return [...new Set((await Promise.all(holding.map(portsOf))).flat())]
  }

  return {
    status,
    async isInstalled(service) {
      const [unit, environment, isBooted, areHeld] = await Promise.all([
        files.read(fileOf(service.name)),
        files.read(environmentFile(service.name)),
        isEnabled(names.service(service.name)),
        arePortsHeld(service),
      ])
      return (
        unit === renderUnit(hubName, service, environmentFile(service.name)) &&
        environment === renderEnvironmentFile(service.env) &&
        isBooted &&
        areHeld
      )
    },
    async start(service) {
      const file = fileOf(service.name)
      const before = await requireOurs(file)
      await files.write(environmentFile(service.name), renderEnvironmentFile(service.env), {mode: 0o600})
      await files.write(file, renderUnit(hubName, service, environmentFile(service.name)), {mode: 0o644})
      await systemctl(['daemon-reload'])
      // Not `restart`: what is part of this service would be started again with it, and is soon started anew itself.
      if (before !== undefined) await systemctl(['stop', names.service(service.name)])
      await holdPorts(service)
      await systemctl(['enable', '--quiet', names.service(service.name)])
      await systemctl(['start', names.service(service.name)])
    },
    async stop(name, signal) {
      if (!(await isThere())) return
      await files.remove(environmentFile(name))
      const units = await Promise.all(
        unitsOf(name).map(async (unit) => ({unit, text: await files.read(placeOf(unit))})),
      )
      if (units.some(({text}) => text !== undefined && !text.startsWith(unitMark))) return
      // A unit runs on when its file is lost; then only its link is left to disable.
      for (const {unit, text} of units)
        if (text === undefined) await files.remove(`${unitDirectory}/${targetOf(unit)}.wants/${unit}`)
        else await systemctl(['disable', '--quiet', unit], signal)
      // Together: else the next who connects to the socket would start the service again.
      await run(['systemctl', '--no-pager', 'stop', ...units.map(({unit}) => unit)], {
        okExitCodes: [0, notLoaded],
        timeoutMs: 60_000,
        ...(signal === undefined ? {} : {signal}),
      })
      const ours = units.filter(({text}) => text !== undefined).map(({unit}) => unit)
      if (ours.length === 0) return
      for (const unit of ours) await files.remove(placeOf(unit))
      await systemctl(['daemon-reload'])
      await run(['systemctl', 'reset-failed', ...ours], {okExitCodes: [0, 1]})
    },
    async stopServers(signal) {
      const units = await list(names.anyServer, names.anyForkService)
      if (units.length === 0) return 0
      await systemctl(['stop', ...units], signal)
      await run(['systemctl', 'reset-failed', ...units], {okExitCodes: [0, 1]})
      return units.filter((unit) => unit.endsWith('.server.service')).length
    },
    async environmentsInUse() {
      const units = await servers()
      if (units.length === 0) return []
      const {stdout} = await systemctl(['show', ...units, '--property=ExecStart'])
      const below = `${layout.environments}/`
      // The program of a forked server stands behind the words of its launcher.
      const found = stdout.split(/\s|path=/).filter((word) => word.startsWith(below))
      return [...new Set(found.map((word) => `${below}${word.slice(below.length).split('/')[0] ?? ''}`))]
    },
    heldPorts,
    async countProcesses() {
      const isLeft = async (name: ServiceDefinition['name']) => {
        const units = await Promise.all(unitsOf(name).map((unit) => files.stat(placeOf(unit))))
        if (units.some((found) => found !== undefined) || (await status(name)).state === 'running') return true
        return (await heldPorts(name)).length > 0
      }
      const services = await Promise.all(serviceNames.map(isLeft))
      return services.filter(Boolean).length + (await list(names.anyServer, names.anyForkService)).length
    },
  }
}
