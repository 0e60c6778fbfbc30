import path from 'node:path'
import {JhubError} from '../../errors.js'
import type {Clock} from '../../host/clock.js'
import {accountName} from '../../spec/user-name.js'
import {together} from '../../steps/step.js'
import type {Engine} from '../engine.js'
import {cgroupDirectories, findCgroupTree} from './cgroup.js'
import {wantedConfiguration} from './configuration.js'
import {findPython} from './find-python.js'
import {findUv} from './find-uv.js'
import {followLog} from './follow-log.js'
import {localUrl} from './hub-settings.js'
import {readLimitsInForce} from './limits-in-force.js'
import {readLockFile, type LockName} from './lock-files.js'
import type {Machine} from './machines/machine.js'
import {preflight} from './preflight.js'
import {promises} from './promises.js'
import {readSecrets} from './secrets.js'
import {ensureConfiguration} from './steps/ensure-configuration.js'
import {ensureDirectories} from './steps/ensure-directories.js'
import {ensureEnvironment, environmentPath, isEnvironmentWhole} from './steps/ensure-environment.js'
import {ensureHub} from './steps/ensure-hub.js'
import {ensureProxy, readRunningAddress} from './steps/ensure-proxy.js'
import {ensureSecrets} from './steps/ensure-secrets.js'
import {ensureUv} from './steps/ensure-uv.js'
import {removeCgroups} from './steps/remove-cgroups.js'
import {removeHomes} from './steps/remove-homes.js'
import {removeLeftovers} from './steps/remove-leftovers.js'
import {removePaths} from './steps/remove-paths.js'
import {stopServices} from './steps/stop-services.js'

export interface VmEngineOptions {
  readonly machine: Machine
  readonly clock: Clock
  /** The directory of files shipped with jhub. */
  readonly assets: string
  readonly hubName: string
}

/** JupyterHub on one machine. */
export function vmEngine({machine, clock, assets, hubName}: VmEngineOptions): Engine {
  const {files, layout, supervisor} = machine
  const lock = (name: LockName) => readLockFile(files, assets, name)
  const environments = async () =>
    Promise.all((['hub', 'user'] as const).map(async (name) => environmentPath(machine, name, await lock(name))))
  const isInstallNeeded = async () =>
    !(await Promise.all((await environments()).map((directory) => isEnvironmentWhole(machine, directory)))).every(
      Boolean,
    )
  const python = once(async () => {
    const {python: found} = await findPython(machine)
    if (found === undefined) throw new JhubError('JHUB-E200', 'No Python here can carry a hub', {fix: 'jhub doctor'})
    return found.path
  })
  const uv = async () => {
    const found = await findUv(machine, (await lock('uv')).hash)
    if (found === undefined) throw new JhubError('JHUB-E001', 'uv was asked for before it was brought')
    return found
  }
  const cgroups = async () => {
    const tree = await findCgroupTree(files, machine.facts, hubName)
    return tree === undefined ? [] : cgroupDirectories(tree)
  }

  return {
    title: `vm engine, ${machine.title} machine`,
    preflight: (spec) => preflight(machine, assets, spec),

    upSteps(spec) {
      const wanted = () => wantedConfiguration(machine, assets, spec)
      return [
        ensureDirectories(machine),
        ensureSecrets(machine, clock),
        ensureUv({machine, lock: () => lock('uv'), python, isNeeded: isInstallNeeded}),
        together([
          ensureEnvironment({machine, name: 'hub', title: 'Install JupyterHub', lock: () => lock('hub'), python, uv}),
          ensureEnvironment({
            machine,
            name: 'user',
            title: 'Install JupyterLab for everybody',
            lock: () => lock('user'),
            python,
            uv,
          }),
        ]),
        ensureConfiguration(machine, wanted),
        ensureProxy(machine, spec, wanted),
        ensureHub({machine, clock, spec, wanted}),
        removeLeftovers(machine, async () => [
          ...(await environments()),
          (await wanted())?.directory ?? layout.configurations,
        ]),
      ]
    },

    downSteps({deleteData}) {
      const {environments, configurations, secrets, innerPorts, run, logs, temporary, tools, homes, database} = layout
      return [
        stopServices(machine),
        removeCgroups(machine, cgroups),
        removePaths(
          machine,
          'Remove the hub',
          [environments, configurations, secrets, innerPorts, run, logs, temporary, tools],
          layout.root,
        ),
        ...(deleteData ? [removePaths(machine, 'Delete homes and the database', [homes, database], layout.data)] : []),
      ]
    },

    stopSteps: () => [stopServices(machine)],
    limitSteps: () => [],
    recordSteps: () => [],

    removeHomes: (userNames) => removeHomes(machine, userNames),

    async connect() {
      const running = await readRunningAddress(machine)
      const secrets = await readSecrets(files, layout.secrets)
      if (running === undefined || secrets.state !== 'whole') return undefined
      if ((await supervisor.status('hub')).state === 'stopped') return undefined
      return {url: running, token: secrets.secrets.apiToken}
    },

    async status(spec) {
      const [hub, proxy, freeBytes, homes] = await Promise.all([
        supervisor.status('hub'),
        supervisor.status('proxy'),
        files.freeBytes(layout.data),
        files.list(layout.homes),
      ])
      return {
        url: localUrl(spec),
        services: [
          {name: 'hub', ...hub},
          {name: 'proxy', ...proxy},
        ],
        disk: {freeBytes},
        memory: {totalBytes: machine.facts.memoryBytes},
        homes: {path: layout.homes, count: homes?.length ?? 0},
      }
    },

    async limitsInForce(server) {
      const pid = server.state?.['pid']
      if (typeof pid !== 'number') return {memoryBy: 'not enforced', cpuBy: 'not enforced'}
      return readLimitsInForce(files, pid, await findCgroupTree(files, machine.facts, hubName))
    },

    changeLimits: () => Promise.resolve(undefined),

    promises: async () => promises(machine.facts, await findCgroupTree(files, machine.facts, hubName)),

    logs({of, ...options}) {
      const file =
        typeof of === 'string'
          ? path.posix.join(layout.logs, `${of}.log`)
          : path.posix.join(layout.serverLogs, `${accountName(of.user)}.log`)
      return followLog(files, clock, file, options)
    },
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
