import {JhubError} from '../../../../errors.js'
import type {Clock} from '../../../../host/clock.js'
import {findUnfinished, removeUnfinished} from '../../../../host/files/unfinished-file.js'
import {askOnceEach} from '../../../../steps/ask-once.js'
import {followJournal} from './follow-journal.js'
import {heldSockets, type HeldSockets} from './held-sockets.js'
import {isOurUnit, requireOurUnit} from './our-unit.js'
import type {SystemdMachine} from './systemd-machine.js'
import type {HubProcesses} from '../stray-processes.js'
import {
  namesOnMachine,
  serviceNames,
  type ServiceDefinition,
  type ServiceState,
  type Supervisor,
} from '../supervisor.js'
import {systemctl, type Systemctl} from './systemctl.js'
import {
  fingerprintVariable,
  renderEnvironmentFile,
  renderUnit,
  targetOf,
  unitDirectory,
  unitFile,
  unitNames,
} from './units.js'

type ServiceName = ServiceDefinition['name']

/** What the parts of the supervisor need of the machine. */
interface Place extends SystemdMachine {
  readonly processes: HubProcesses
  readonly names: ReturnType<typeof unitNames>
  readonly systemd: Systemctl
  readonly sockets: HeldSockets
}

/** Services as units of systemd, which starts them again when they die and when the machine is booted. */
export function systemdSupervisor(machine: SystemdMachine, processes: HubProcesses, clock: Clock): Supervisor {
  const {files, run, hubName, isThere} = machine
  const systemd = systemctl(run)
  const place: Place = {
    ...machine,
    processes,
    systemd,
    names: unitNames(hubName),
    sockets: heldSockets(files, systemd, hubName),
  }
  const heldPorts: Supervisor['heldPorts'] = async (only) => {
    if (!(await isThere())) return []
    const holding = only === undefined ? serviceNames.filter((name) => name !== 'hub') : [only]
    return [...new Set((await Promise.all(holding.map((name) => place.sockets.portsOf(name)))).flat())]
  }
  return {
    logs: (wanted) => followJournal(machine, clock, wanted),
    status: askOnceEach((name) => statusOf(place, name)),
    isInstalled: (service) => isInstalled(place, service),
    start: (service, makeRoom) => start(place, service, makeRoom),
    stop: (name, signal) => stop(place, name, signal),
    async stopServers(signal) {
      const units = await serverUnits(place)
      if (units.length === 0) return 0
      await systemd.do(['stop', ...units], signal)
      await systemd.forgetFailures(units)
      return units.filter((unit) => unit.endsWith('.server.service')).length
    },
    environmentsInUse: () => environmentsInUse(place),
    heldPorts,
    async endStrays(signal) {
      if (!(await isThere())) return
      const left = await processes.list()
      if (left.length > 0) await processes.end(left, signal)
    },
    async countProcesses() {
      if (!(await isThere())) return 0
      const isLeft = async (name: ServiceName) => {
        const units = unitsOf(place, name).map(unitFile)
        const found = await Promise.all(units.map((file) => files.stat(file)))
        if (found.some((facts) => facts !== undefined) || (await findUnfinished(files, units)).length > 0) return true
        return (await statusOf(place, name)).state === 'running' || (await heldPorts(name)).length > 0
      }
      const left = await Promise.all(serviceNames.map(isLeft))
      const services = serviceNames.filter((_, index) => left[index])
      const servers = await serverUnits(place)
      const counted = new Set([...servers, ...services.flatMap((name) => unitsOf(place, name))])
      const strays = (await processes.list()).filter(({unit}) => unit === undefined || !counted.has(unit))
      return services.length + servers.length + strays.length
    },
  }
}

async function statusOf({isThere, systemd, names}: Place, name: ServiceName): Promise<ServiceState> {
  if (!(await isThere())) return {state: 'stopped'}
  const properties = await systemd.show(names.service(name), ['ActiveState', 'MainPID', 'Environment'])
  const pid = Number(properties.get('MainPID') ?? 0)
  if (properties.get('ActiveState') !== 'active' || pid === 0) return {state: 'stopped'}
  const fingerprint = new RegExp(`\\b${fingerprintVariable}=(\\S+)`).exec(properties.get('Environment') ?? '')?.[1]
  // `PartOf=` has systemd itself start the hub anew with its proxy.
  return {state: 'running', pid, fingerprint, generation: fingerprint ?? ''}
}

async function isInstalled(place: Place, service: ServiceDefinition): Promise<boolean> {
  const {files, hubName, names, systemd, sockets} = place
  const environmentFile = environmentFileOf(place, service.name)
  const [unit, environment, isBooted, areHeld] = await Promise.all([
    files.read(unitFile(names.service(service.name))),
    files.read(environmentFile),
    systemd.isEnabled(names.service(service.name)),
    sockets.areHeld(service),
  ])
  const isWritten = unit === renderUnit(hubName, service, environmentFile)
  return isWritten && environment === renderEnvironmentFile(service.env) && isBooted && areHeld
}

async function start(place: Place, service: ServiceDefinition, makeRoom?: () => Promise<void>): Promise<void> {
  const {files, hubName, names, systemd, sockets} = place
  const unit = names.service(service.name)
  const environmentFile = environmentFileOf(place, service.name)
  const before = await requireOurUnit(files, unitFile(unit))
  await files.write(environmentFile, renderEnvironmentFile(service.env), {mode: 0o600})
  await files.write(unitFile(unit), renderUnit(hubName, service, environmentFile), {mode: 0o644})
  await systemd.do(['daemon-reload'])
  // Not `restart`: what is part of this service would be started again with it, and is soon started anew itself.
  if (before !== undefined) await systemd.do(['stop', unit])
  await holdBeside(sockets, service, makeRoom)
  await systemd.do(['enable', '--quiet', unit])
  await systemd.do(['start', unit])
}

/** An older jhub made sockets beside which nobody can listen. */
async function holdBeside(sockets: HeldSockets, service: ServiceDefinition, makeRoom?: () => Promise<void>) {
  const isShared = await sockets.hold(service).then(
    () => true,
    (error: unknown) => {
      const isTaken = error instanceof JhubError && error.code === 'JHUB-E206'
      if (makeRoom === undefined || !isTaken) throw error
      return false
    },
  )
  await makeRoom?.()
  if (!isShared) await sockets.hold(service)
}

async function stop(place: Place, name: ServiceName, signal?: AbortSignal): Promise<void> {
  const {files, isThere, systemd} = place
  if (!(await isThere())) return
  await files.remove(environmentFileOf(place, name))
  await removeUnfinished(files, unitsOf(place, name).map(unitFile))
  const units = await Promise.all(
    unitsOf(place, name).map(async (unit) => ({unit, text: await files.read(unitFile(unit))})),
  )
  if (units.some(({text}) => text !== undefined && !isOurUnit(text))) return
  // A unit runs on when its file is lost; then only its link is left to disable.
  for (const {unit, text} of units)
    if (text === undefined) await files.remove(`${unitDirectory}/${targetOf(unit)}.wants/${unit}`)
    else await systemd.do(['disable', '--quiet', unit], signal)
  await systemd.stop(
    units.map(({unit}) => unit),
    signal,
  )
  const ours = units.filter(({text}) => text !== undefined).map(({unit}) => unit)
  if (ours.length === 0) return
  for (const unit of ours) await files.remove(unitFile(unit))
  await systemd.do(['daemon-reload'])
  await systemd.forgetFailures(ours)
}

async function environmentsInUse({isThere, systemd, names, layout}: Place): Promise<readonly string[]> {
  const units = (await isThere()) ? await systemd.list([names.anyServer]) : []
  if (units.length === 0) return []
  const below = `${layout.environments}/`
  // The program of a forked server stands behind the words of its launcher.
  const found = (await systemd.showLines(units, ['ExecStart']))
    .split(/\s|path=/)
    .filter((word) => word.startsWith(below))
  return [...new Set(found.map((word) => `${below}${word.slice(below.length).split('/')[0] ?? ''}`))]
}

/** Servers, and what forks them. */
async function serverUnits({isThere, systemd, names}: Place): Promise<readonly string[]> {
  return (await isThere()) ? systemd.list([names.anyServer, names.anyForkService]) : []
}

/** The socket of a service, where one holds its ports, and the service. */
function unitsOf({names}: Place, name: ServiceName): readonly string[] {
  return [...(name === 'hub' ? [] : [names.socket(name)]), names.service(name)]
}

function environmentFileOf({layout}: Place, name: ServiceName): string {
  return `${layout.run}/${namesOnMachine[name]}.env`
}
