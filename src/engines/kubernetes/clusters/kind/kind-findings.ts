import {definedOnly} from '../../../../defined-only.js'
import {JhubError} from '../../../../errors.js'
import type {Host} from '../../../../host/host.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import {countIdle, formatRoughMemory} from '../../../../hub-spec/limits/rough-memory.js'
import type {Finding} from '../../../../findings/finding.js'
import {limitFindings} from '../../../../findings/limit-findings.js'
import {goodPort, portFinding, takeOtherPort} from '../../../../findings/port-finding.js'
import type {Layout} from '../layout.js'
import type {LocalProgram} from '../../tools/local-program.js'
import type {ClusterFound} from '../cluster.js'
import {translateDockerError} from '../docker-error.js'

const gibibyte = 1024 ** 3
/** Control plane, hub and proxy, and an idle server, as measured with Kubernetes 1.34 and JupyterHub 5.5. */
const clusterBytes = 1.5 * gibibyte
const idleServerBytes = 0.15 * gibibyte
/** Node image unpacked, and the chart's three images twice (archive and snapshot). */
const imageBytes = 4 * gibibyte

export interface KindPlace {
  readonly host: Host
  readonly programs: readonly LocalProgram[]
  readonly layout: Layout
  readonly name: string
  readonly inspect: () => Promise<ClusterFound>
}

/** Docker, its tools and its room, the port, and whether the name is free. Reads only. */
export async function kindFindings(place: KindPlace, spec: HubSpec): Promise<readonly Finding[]> {
  const [docker, found, ...programs] = await Promise.all([
    askDocker(place),
    // Of a Docker that does not answer, what it says of itself is told.
    place.inspect().catch((error: unknown) => ({error})),
    ...place.programs.map((program) => program.finding()),
  ])
  if ('problem' in docker) return [docker.problem, ...programs]
  if ('error' in found) throw found.error
  return [
    {check: 'docker', state: 'ok', found: `${docker.version}, ${formatRoughMemory(docker.memoryBytes)} memory`},
    ...programs,
    ...checkMemory(docker, spec),
    ...limitFindings(spec, docker),
    ...checkCgroup(docker, spec),
    ...(await checkInotify(place)),
    ...(await checkDisk(place, found)),
    ...checkName(place, found),
    ...(await checkPort(place, found, spec)),
  ]
}

interface DockerFacts {
  readonly version: string
  readonly memoryBytes: number
  readonly cgroupVersion: string
  readonly cores: number
}

async function askDocker({host}: KindPlace): Promise<DockerFacts | {readonly problem: Finding}> {
  try {
    const format = '{{.ServerVersion}} {{.MemTotal}} {{.CgroupVersion}} {{.NCPU}}'
    const {stdout} = await host.commands.run(['docker', 'info', '--format', format], {timeoutMs: 30_000})
    const [version = '', memory = '0', cgroupVersion = '', cores = '0'] = stdout.trim().split(' ')
    // With a daemon that does not answer, docker itself ends well and leaves the facts empty.
    if (version === '') throw new JhubError('JHUB-E201', 'is the docker daemon running?')
    return {version, memoryBytes: Number(memory), cgroupVersion, cores: Number(cores)}
  } catch (error) {
    const known = translateDockerError(error)
    if (!(known instanceof JhubError)) throw known
    const [fix] = known.suggestions
    return {
      problem: {
        check: 'docker',
        state: 'problem',
        found: known.message,
        needed: 'a Docker engine that answers',
        ...definedOnly({fix}),
      },
    }
  }
}

function checkMemory({memoryBytes}: DockerFacts, spec: HubSpec): readonly Finding[] {
  const servers = spec.users.size
  const needed = clusterBytes + servers * idleServerBytes
  const found = `${formatRoughMemory(memoryBytes)} for Docker; the cluster and ${countIdle(servers)} take about ${formatRoughMemory(needed)}`
  if (needed <= memoryBytes) return [{check: 'memory', state: 'ok', found}]
  const most = Math.max(1, Math.floor((memoryBytes - clusterBytes) / idleServerBytes))
  return [
    {
      check: 'memory',
      state: 'warning',
      found,
      needed: formatRoughMemory(needed),
      fix: `jhub limits set --total --servers ${String(most)}`,
    },
  ]
}

/** From 1.35 on, a kubelet refuses control groups of version 1. */
function checkCgroup({cgroupVersion}: DockerFacts, {k8s}: HubSpec): readonly Finding[] {
  if (cgroupVersion !== '1' || k8s.nodeImage !== undefined) return []
  return [
    {
      check: 'control groups',
      state: 'warning',
      found: 'version 1, which Kubernetes 1.35 and newer refuse',
      needed: 'version 2, or a node image of 1.34 or older',
      fix: 'k8s: {nodeImage: kindest/node:v1.34.0} in the settings file',
    },
  ]
}

async function checkInotify({host}: KindPlace): Promise<readonly Finding[]> {
  const text = await host.files.read('/proc/sys/fs/inotify/max_user_instances').catch(() => undefined)
  const most = Number.parseInt(text ?? '', 10)
  if (Number.isNaN(most) || most >= 128) return []
  return [
    {
      check: 'inotify',
      state: 'warning',
      found: `${String(most)} instances for each account`,
      needed: '512: a node watches many files',
      fix: 'sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288',
    },
  ]
}

async function checkDisk({host, layout}: KindPlace, found: ClusterFound): Promise<readonly Finding[]> {
  const free = await host.files.freeBytes(layout.data)
  const needed = found.state === 'missing' ? imageBytes : 0.2 * gibibyte
  const check = `disk at ${layout.data}`
  if (free >= needed) return [{check, state: 'ok', found: `${formatRoughMemory(free)} free`}]
  return [
    {
      check,
      state: 'problem',
      found: `${formatRoughMemory(free)} free`,
      needed: formatRoughMemory(needed),
      fix: 'docker system df   # docker system prune deletes what is not used',
    },
  ]
}

function checkName({name}: KindPlace, found: ClusterFound): readonly Finding[] {
  if (found.state !== 'foreign') return []
  return [
    {
      check: `kind cluster ${name}`,
      state: 'problem',
      found: 'it exists, and this hub did not make it',
      needed: 'a free name',
      fix: `kind delete cluster --name ${name}   # when it is no longer wanted; or another name for the hub`,
    },
  ]
}

async function checkPort({host}: KindPlace, found: ClusterFound, {access}: HubSpec): Promise<readonly Finding[]> {
  const {address, port} = access
  const endpoint = {address, port, fix: takeOtherPort}
  const isOurs = 'settings' in found && found.settings.port === port
  if (isOurs || found.state === 'half-made') return [goodPort(endpoint, "this hub's own")]
  const seen = await host.processes.portState(port, address)
  // Docker opens the endpoint, not this account.
  return [seen.state === 'not permitted' ? goodPort(endpoint, 'opened by Docker') : portFinding(endpoint, seen)]
}
