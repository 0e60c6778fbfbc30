import {definedOnly} from '../../../defined-only.js'
import {countIdle, formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'
import type {Clock} from '../../../host/clock.js'
import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import {limitFindings} from '../../../findings/limit-findings.js'
import {checkDomain} from './check-domain.js'
import {checkPorts} from './check-ports.js'
import {findPip, findUv} from '../packages/find-uv.js'
import {findPython, oldestPython} from '../packages/find-python.js'
import type {ShippedFrom} from '../configuration/configuration.js'
import {readLockFile} from '../packages/locks/lock-files.js'
import type {Machine, MachineSize} from '../machines/machine.js'
import {readChain} from '../https/certificate.js'
import {checkCertificate} from '../https/check-certificate.js'
import {debianPackageFindings} from '../steps/software/ensure-debian-packages.js'
import {environmentPath, isEnvironmentWhole} from '../packages/environments.js'

const mebibyte = 1024 ** 2
/** Both environments with their compiled files, and room for the first homes. */
const installBytes = 1500 * mebibyte
const runBytes = 100 * mebibyte
/** Hub and proxy, and an idle server, as measured with JupyterHub 5.5. */
const hubBytes = 230 * mebibyte
const idleServerBytes = 130 * mebibyte

type Assets = Pick<ShippedFrom, 'local' | 'assets'>

/** Everything that can be known about the machine before anything is changed. Reads only. */
export async function preflight(
  machine: Machine,
  from: Assets & {readonly clock: Clock},
  spec: HubSpec,
): Promise<readonly Finding[]> {
  const base = (await machine.base?.preflight(spec)) ?? []
  if (base.some(({state}) => state === 'problem')) return base
  const isThere = (await machine.base?.isThere()) ?? true
  const isInstalled = isThere && (await areEnvironmentsWhole(machine, from))
  const [size, ...findings] = await Promise.all([
    machine.size(),
    checkPorts(machine, spec),
    checkDomain(machine, spec),
    checkHttps(from, spec),
    ...(isThere ? [checkDirectories(machine), checkDisk(machine, isInstalled)] : []),
    ...(isThere ? [machine.servers.preflight?.(spec) ?? [], debianPackageFindings(machine, spec)] : []),
    ...(isThere && !isInstalled ? [checkPython(machine, from)] : []),
  ])
  return [
    ...base,
    ...checkPlatform(machine, size),
    ...findings.flat(),
    ...checkMemory(size, spec),
    ...limitFindings(spec, size),
  ]
}

async function areEnvironmentsWhole(machine: Machine, {local, assets}: Assets): Promise<boolean> {
  const whole = await Promise.all(
    (['hub', 'user'] as const).map(async (name) =>
      isEnvironmentWhole(machine, environmentPath(machine, name, await readLockFile(local, assets, name))),
    ),
  )
  return whole.every(Boolean)
}

function checkPlatform({facts}: Machine, {cores, memoryBytes}: MachineSize): Finding[] {
  return [
    {
      check: 'machine',
      state: 'ok',
      found: `${facts.platform} ${facts.architecture}, ${String(cores)} cores, ${formatRoughMemory(memoryBytes)} memory, as ${facts.userName}`,
    },
  ]
}

async function checkDirectories(machine: Machine): Promise<Finding[]> {
  const findings = await Promise.all(
    [machine.layout.root, machine.layout.data].map((path) => checkDirectory(machine, path)),
  )
  return findings.flat()
}

async function checkDirectory(machine: Machine, path: string): Promise<Finding[]> {
  const parents = await existingParents(machine, path)
  const nearest = parents[0]
  if (nearest === undefined) return []
  const check = `directory ${path}`
  const {uid} = machine.facts
  const fix = `JHUB_STATE_DIR and JHUB_DATA_DIR set other directories; or: sudo chown -R ${machine.facts.userName} ${nearest.path}`
  if (nearest.facts.kind !== 'directory') {
    return [
      {
        check,
        state: 'problem',
        found: `${nearest.path} is a file`,
        needed: 'a directory',
        fix: `mv ${nearest.path} ${nearest.path}.old`,
      },
    ]
  }
  if (nearest.path === path && nearest.facts.uid !== uid) {
    return [
      {
        check,
        state: 'problem',
        found: `it belongs to uid ${String(nearest.facts.uid)}`,
        needed: `uid ${String(uid)} (${machine.facts.userName})`,
        fix,
      },
    ]
  }
  const isWritable =
    uid === 0 || (nearest.facts.uid === uid ? (nearest.facts.mode & 0o200) !== 0 : (nearest.facts.mode & 0o002) !== 0)
  if (!isWritable)
    return [
      {
        check,
        state: 'problem',
        found: `${nearest.path} is not writable by ${machine.facts.userName}`,
        needed: 'write permission',
        fix,
      },
    ]
  const closed =
    uid === 0 ? parents.find(({path: parent, facts}) => parent !== path && (facts.mode & 0o001) === 0) : undefined
  if (closed !== undefined) {
    return [
      {
        check,
        state: 'problem',
        found: `other accounts can't enter ${closed.path} (mode ${closed.facts.mode.toString(8)})`,
        needed: "a directory that people's own accounts can enter, because jhub runs as root",
        fix: `chmod o+x ${closed.path}   # or name another place with JHUB_STATE_DIR and JHUB_DATA_DIR`,
      },
    ]
  }
  return [{check, state: 'ok', found: 'writable'}]
}

async function existingParents(machine: Machine, path: string) {
  const parts = path.split('/')
  const all = parts.map((_, index) => parts.slice(0, parts.length - index).join('/') || '/')
  const found = await Promise.all(
    all.map(async (parent) => {
      const facts = await machine.files.stat(parent)
      return facts === undefined ? [] : [{path: parent, facts}]
    }),
  )
  return found.flat()
}

async function checkDisk(machine: Machine, isInstalled: boolean): Promise<Finding[]> {
  const needed = isInstalled ? runBytes : installBytes
  const findings = await Promise.all(
    [...new Set([machine.layout.root, machine.layout.data])].map(async (path): Promise<Finding> => {
      const free = await machine.files.freeBytes(path)
      const wanted = path === machine.layout.root ? needed : runBytes
      const found = `${formatRoughMemory(free)} free`
      return free >= wanted
        ? {check: `disk at ${path}`, state: 'ok', found}
        : {
            check: `disk at ${path}`,
            state: 'problem',
            found,
            needed: formatRoughMemory(wanted),
            fix: `df -h ${path}   # free up some space`,
          }
    }),
  )
  return findings
}

async function checkHttps({local, clock}: {local: Files; clock: Clock}, {access}: HubSpec): Promise<Finding[]> {
  const {https} = access
  if (https?.by === 'acme') return https.ca === undefined ? [] : [await checkRoot(local, https.ca)]
  if (https?.by !== 'files') return []
  const [certificate, key] = await Promise.all([local.read(https.cert), local.read(https.key)])
  const texts = definedOnly({certificate, key})
  return [checkCertificate({...https, texts, access, nowMs: clock.now()})]
}

async function checkRoot(local: Files, file: string): Promise<Finding> {
  const text = await local.read(file)
  const check = `root certificate ${file}`
  if (text !== undefined && readChain(text) !== undefined) return {check, state: 'ok', found: 'there'}
  const found = text === undefined ? 'there is no such file' : 'it holds no certificate'
  return {check, state: 'problem', found, needed: 'PEM, as BEGIN CERTIFICATE', fix: 'jhub config edit'}
}

function checkMemory({memoryBytes}: MachineSize, spec: HubSpec): Finding[] {
  const servers = spec.users.size
  const idle = hubBytes + servers * idleServerBytes
  const found = `${formatRoughMemory(memoryBytes)} on the machine; the hub and ${countIdle(servers)} take about ${formatRoughMemory(idle)}`
  if (idle <= memoryBytes) return [{check: 'memory', state: 'ok', found}]
  return [
    {
      check: 'memory',
      state: 'warning',
      found,
      needed: formatRoughMemory(idle),
      fix: `jhub limits set --total --servers ${String(Math.max(1, Math.floor((memoryBytes - hubBytes) / idleServerBytes)))}`,
    },
  ]
}

async function checkPython(machine: Machine, {local, assets}: Assets): Promise<Finding[]> {
  const {python, refused} = await findPython(machine)
  if (python === undefined) {
    const found = refused.length === 0 ? 'no python3' : refused.join('; ')
    return [
      {
        check: 'python',
        state: 'problem',
        found,
        needed: `Python ${oldestPython} or newer`,
        fix: installHint(machine, 'python3'),
      },
    ]
  }
  const ok: Finding = {check: 'python', state: 'ok', found: `${python.path} (${python.version})`}
  const uvLock = await readLockFile(local, assets, 'uv')
  if ((await findUv(machine, uvLock.hash)) !== undefined || (await findPip(machine, python.path)) !== undefined)
    return [ok]
  return [
    ok,
    {
      check: 'uv or pip',
      state: 'problem',
      found: `neither is here for ${python.path}`,
      needed: 'one of them, to install packages',
      fix: installHint(machine, 'python3-pip'),
    },
  ]
}

function installHint({facts}: Machine, what: 'python3' | 'python3-pip'): string {
  return facts.platform === 'darwin' ? 'brew install python' : `sudo apt-get install ${what}`
}
