import path from 'node:path'
import type {UnpackedBundle} from '../../bundle/read-bundle.js'
import {definedOnly} from '../../defined-only.js'
import type {Checksums} from '../../host/files/checksums.js'
import type {Clock} from '../../host/clock.js'
import type {LocalFiles} from '../../host/files/files.js'
import type {Processes} from '../../host/processes/processes.js'
import {together, type Step, type StepList} from '../../steps/step.js'
import type {HubSpec, MachineName} from '../../hub-spec/hub-spec.js'
import {askOnce} from '../../steps/ask-once.js'
import type {Engine} from '../engine.js'
import {wantedConfiguration} from './configuration/configuration.js'
import {localUrl} from './configuration/endpoint.js'
import {vmAddresses} from './configuration/vm-addresses.js'
import {connectionNote} from './machines/ssh/connection-note.js'
import {vmBundles} from './bundle/vm-bundles.js'
import {afterDown} from './packages/after-down.js'
import {downloadTurns} from './packages/locks/download-turns.js'
import {installTools} from './packages/install-tools.js'
import {homeProgram} from '../homes/home-program.js'
import {vmCommonFiles} from './homes/common-files.js'
import {vmHomes} from './homes/vm-homes.js'
import {installCaddy} from './https/caddy/install-caddy.js'
import {homesInUse} from './servers/homes-in-use.js'
import {connectHub} from './services/connect-hub.js'
import {hubDatabase} from './services/database/hub-database.js'
import {hubRecovery} from './machines/hub-recovery.js'
import {lockReader, plainHub, type HubLock} from './packages/locks/hub-lock.js'
import {readAsset} from '../read-assets.js'
import {machineRecord} from './machines/machine-record.js'
import type {Machine} from './machines/machine.js'
import {readHubUsage} from './services/hub-usage.js'
import {platformStatus} from './services/platform-status.js'
import {preflight} from './preflight/preflight.js'
import {standsElsewhere} from './preflight/stands-elsewhere.js'
import {programsSeen} from './packages/programs-seen.js'
import {vmImages} from './images/vm-images.js'
import {shippedFiles} from './configuration/shipped-files.js'
import {readSecrets} from '../sign-in/secrets.js'
import {signInFindings} from '../../findings/sign-in-findings.js'
import {givenSecret} from '../sign-in/sign-in-secret.js'
import {endOlderServers} from './steps/servers/end-older-servers.js'
import {ensureCertificate} from './steps/https/ensure-certificate.js'
import {ensureConfiguration} from './steps/ensure-configuration.js'
import {ensureContent, gitFindings} from './steps/software/ensure-content.js'
import {ensureDirectories} from './steps/ensure-directories.js'
import {ensureEnvironment} from './steps/software/ensure-environment.js'
import {hubEnvironments} from './packages/hub-environments.js'
import {ensureHttpsProxy} from './steps/https/ensure-https-proxy.js'
import {ensureHub} from './steps/ensure-hub.js'
import {ensureLabPageConfig} from './steps/software/ensure-lab-page-config.js'
import {ensureProxy} from './steps/ensure-proxy.js'
import {ensureSecrets} from './steps/ensure-secrets.js'
import {ensureUv} from './steps/software/ensure-uv.js'
import {keepAccounts} from './steps/database/keep-accounts.js'
import {recordApplied} from './steps/record-applied.js'
import {removeHomes} from './steps/removal/remove-homes.js'
import {removeLeftovers} from './steps/removal/remove-leftovers.js'
import {replaceDatabase} from './steps/database/replace-database.js'
import {requireDatabase} from './steps/database/require-database.js'
import {stopHttpsProxy} from './steps/https/stop-https-proxy.js'
import {stopServices} from './steps/stop-services.js'
import {takeDown} from './steps/removal/take-down.js'
import {trustNote} from './https/certificate-status.js'

export interface VmEngineOptions {
  readonly machine: Machine
  /** What the machine is called in a spec. */
  readonly name: Exclude<MachineName, 'auto'>
  /** The spec names another machine than this, on which the hub stands. */
  readonly isElsewhere: boolean
  readonly clock: Clock
  /** The files of the machine that runs jhub. */
  readonly local: LocalFiles
  readonly checksums: Checksums
  /** Of the machine that runs jhub. */
  readonly processes: Pick<Processes, 'hasForeignListener'>
  /** The directory of files shipped with jhub. */
  readonly assets: string
  /** Which packages the hub has. Default: those of a hub where people have passwords. */
  readonly hubLock?: HubLock
  /** What jhub keeps of the hub on its own machine. */
  readonly state: string
  /** Where packages come from in place of the internet. */
  readonly bundle?: UnpackedBundle
}

/** JupyterHub on one machine. */
export function vmEngine(options: VmEngineOptions): Engine {
  const {
    machine,
    name,
    isElsewhere,
    clock,
    local,
    checksums,
    processes,
    assets,
    state,
    hubLock = plainHub,
    bundle,
  } = options
  const {files, layout, supervisor, servers, base} = machine
  const lock = lockReader(local, assets, hubLock)
  const shipped = shippedFiles(local, assets)
  const given = givenSecret(local, state)
  const secret = async () => (await given.read()) ?? (await readSecrets(files, layout.secrets))?.signIn
  const environments = hubEnvironments(machine, lock)
  const {python, uv} = installTools(machine, () => lock('uv'))

  const commonFiles = vmCommonFiles({machine, local, checksums, assets, python})
  const images = vmImages({machine, local, assets, python, uv})
  const database = hubDatabase({
    machine,
    program: () => readAsset(local, path.join(assets, 'vm', 'jhub_database.py')),
    now: () => clock.now(),
  })
  const record = machineRecord(local, state)
  const note = machine.facts.isSlowToReach === true ? connectionNote({files: local, processes, state}) : undefined
  const askMachine = askOnce(() => connectHub(machine, processes))

  const gitIfThere = async ({content}: HubSpec) =>
    (await machine.base?.isThere()) === false ? [] : gitFindings(machine, content)
  const bundles = vmBundles({machine, local, lock, images, bundle})
  /** Without the materials: telling whether they differ takes reading all of them. */
  const quickSteps = (spec: HubSpec, onReach: readonly Step[] = [], materials: readonly Step[] = []): StepList => {
    const {access} = spec
    const {https} = access
    const wanted = () => wantedConfiguration(machine, {local, assets, shipped, hubLock}, spec)
    const turn = downloadTurns()
    const installSteps: StepList = [
      ensureUv({
        machine,
        lock: () => lock('uv'),
        python,
        isNeeded: async () => !(await environments.areWhole()) || images.isUvNeeded(spec),
      }),
      together([
        ...(['hub', 'user'] as const).map((name) =>
          ensureEnvironment({
            machine,
            name,
            title: name === 'hub' ? 'Install JupyterHub' : 'Install JupyterLab for everybody',
            lock: () => lock(name),
            python,
            uv,
            turn,
            linkProgram: () => readAsset(local, path.join(assets, 'vm', 'jhub_linked_environment.py')),
          }),
        ),
        ...(machine.proxy.install?.({uv, python}) ?? []),
        ...(https?.by === 'acme' ? [installCaddy({machine, local, assets, uv, python})] : []),
      ]),
    ]
    const imageSteps = images.stepsAfterUv(spec)
    const older = endOlderServers(machine, database)
    const {before, after} = bundles.around([...installSteps, ...imageSteps])
    return [
      ...(base?.upSteps(spec) ?? []),
      ...onReach,
      ensureDirectories(machine),
      record.remember(name),
      ensureSecrets(machine, clock, given, spec),
      ...before,
      ...installSteps,
      requireDatabase({machine, database, python: () => environments.hubPython()}),
      ensureLabPageConfig(machine, () => environments.of('user')),
      ...imageSteps,
      ...after,
      ensureContent({
        machine,
        content: spec.content,
        program: () => readAsset(local, path.join(assets, 'hub', 'jhub_content.py')),
        ...definedOnly({bundled: bundles.content}),
      }),
      ...materials,
      ...commonFiles.shared(spec),
      ...servers.upSteps(spec),
      ...servers.limitSteps(spec),
      ...(https?.by === 'internal' ? [ensureCertificate({machine, clock, spec, local, state})] : []),
      ensureConfiguration(machine, wanted),
      ...(servers.networkSteps?.(spec) ?? []),
      older,
      ...(https?.by === 'acme' ? [ensureHttpsProxy({machine, clock, access, https, wanted})] : []),
      ensureProxy(machine, spec, wanted),
      ...(https?.by === 'acme' ? [] : [stopHttpsProxy(supervisor)]),
      ensureHub({
        machine,
        clock,
        wanted,
        database,
        programs: async () => path.posix.basename(await environments.of('hub')),
        wasStoppedForIt: () => older.hasStoppedHub(),
      }),
      removeLeftovers(machine, async () => {
        const configuration = await wanted()
        const {configurations} = layout
        const {directory = configurations, proxyDirectory = configurations, httpsProxy} = configuration ?? {}
        return [...(await environments.all()), directory, proxyDirectory, httpsProxy?.directory ?? configurations]
      }),
      ...(note === undefined ? [] : [note.keep(askMachine)]),
    ]
  }

  return {
    title: `mode vm, ${machine.title} machine`,
    async preflight(spec) {
      if (isElsewhere) return [standsElsewhere(name, spec)]
      return [
        ...(await preflight(machine, {local, assets, clock}, spec)),
        ...signInFindings(spec.auth, await secret()),
        ...(await commonFiles.findings(spec)),
        ...(await gitIfThere(spec)),
        ...(await bundles.preflight(spec)),
      ]
    },

    steps: {
      up: (spec, onReach) => quickSteps(spec, onReach, [commonFiles.materials(spec)]),
      quick: (spec) => quickSteps(spec),
      materials: (spec) => [commonFiles.materials(spec)],

      down: ({deleteData}) => takeDown({machine, local, state, deleteData}),
      stop: () => [stopServices(machine), ...(note === undefined ? [] : [note.forget()])],
      replaceDatabase: (spec, choice) => [...(base?.upSteps(spec) ?? []), replaceDatabase(machine, database, choice)],
      live: (spec) => servers.limitSteps(spec),
      keepAccounts: () => [keepAccounts({database, python: () => environments.hubPython()})],
      record: (source, owner) => recordApplied(machine, source, owner),
    },

    connect: askOnce(async () => (await note?.read()) ?? askMachine()),

    platform: {
      afterDown: afterDown(machine),
      status: (spec) => platformStatus({machine, connect: askMachine, spec, state}),
      usage: () => readHubUsage(machine),
      logs: (options) => supervisor.logs(options),
      programs: () => programsSeen(machine, lock, async () => (await shipped()).digest),
      async notes(spec) {
        const {https} = spec.access
        const known = await servers.platformNotes(spec)
        return https?.by === 'internal' ? [...known, trustNote(state)] : known
      },
    },

    servers,
    homes: {
      remove: (userNames) => removeHomes(machine, userNames),
      inUse: (names, signal) => homesInUse(machine, names, signal),
      files: vmHomes({machine, python, program: () => homeProgram(local, assets)}),
    },
    images,
    bundle: bundles,
    signIn: {secret, give: (each) => given.give(each)},
    recovery: hubRecovery({
      machine,
      name,
      isElsewhere,
      record,
      local,
      state,
      ...definedOnly({note: note?.keep(askMachine)}),
    }),
    async forward({access}, signal) {
      const isOpen = vmAddresses(machine, access, []).here !== null
      return isOpen ? undefined : machine.network.forward?.(localUrl(access), signal)
    },
  }
}
