import type {UnpackedBundle} from '../bundle/read-bundle.js'
import {definedOnly} from '../defined-only.js'
import type {LocalFiles} from '../host/files/files.js'
import type {Host} from '../host/host.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'
import type {ImageSpec} from '../hub-spec/images/images-spec.js'
import type {Engine} from './engine.js'
import {readExtraConfig} from './extra-config.js'

export interface EngineChoice {
  readonly engine: Engine
  /** Which machine was taken and why, when the spec left it open. */
  readonly because?: string
}

export interface EnginePlaces {
  /** What `down` removes. */
  readonly state: string
  /** What `down` keeps. */
  readonly data: string
  readonly assets: string
  /** Where everything comes from in place of the internet. */
  readonly bundle?: UnpackedBundle
  /** Asks the person before something is put on the machine itself; no without somebody to ask. */
  readonly agree: (question: string) => Promise<boolean>
}

/** The one switch from what the spec says to where a hub runs. Loads only what the choice needs. */
export async function chooseEngine(spec: HubSpec, host: Host, places: EnginePlaces): Promise<EngineChoice> {
  if (spec.mode === 'k8s') return chooseKubernetes(spec, host, places)
  const [{vmEngine}, {hubLock}, {chooseMachine}] = await Promise.all([
    import('./vm/vm-engine.js'),
    import('./vm/packages/locks/hub-lock.js'),
    import('./vm/machines/choose-machine.js'),
  ])
  const {because, ...choice} = await chooseMachine(spec, host, places)
  const engine = vmEngine({
    ...choice,
    clock: host.clock,
    local: host.files,
    checksums: host.checksums,
    processes: host.processes,
    assets: places.assets,
    hubLock: hubLock(spec.auth),
    state: places.state,
    ...definedOnly({bundle: places.bundle}),
  })
  return because === undefined ? {engine} : {engine, because}
}

async function chooseKubernetes(spec: HubSpec, host: Host, places: EnginePlaces): Promise<EngineChoice> {
  const [{kubernetesEngine}, {chooseCluster}] = await Promise.all([
    import('./kubernetes/kubernetes-engine.js'),
    import('./kubernetes/clusters/choose-cluster.js'),
  ])
  const cluster = chooseCluster(spec, host, places)
  const {assets, bundle} = places
  return {engine: kubernetesEngine({cluster, clock: host.clock, assets, spec, ...definedOnly({bundle})})}
}

export interface ChartExport {
  /** Values for the official chart, without secrets. */
  readonly values: Readonly<Record<string, unknown>>
  /** The name of the file from which the commands read the sign-in secret. */
  readonly secretFile: string
  /** Images of the spec that nobody has by these values. */
  readonly imagesLeftOut: readonly string[]
  /** What is typed with them; `file` is where they are written. */
  commands(file: string): readonly string[]
}

/** The same hub as values of the official chart, with the files that it reads. */
export async function exportChart(files: LocalFiles, assets: string, spec: HubSpec): Promise<ChartExport> {
  const [{exportCommands, exportValues, secretFile}, {imagesLeftOut}, {readHubFiles, readShippedFiles}] =
    await Promise.all([
      import('./kubernetes/chart/export-values.js'),
      import('./kubernetes/chart/images-left-out.js'),
      import('./kubernetes/chart/hub-files.js'),
    ])
  const hubFiles = await readHubFiles(files, await readShippedFiles(files, assets), spec)
  const values = exportValues(spec, hubFiles, await readExtraConfig(files, spec))
  return {values, secretFile, imagesLeftOut: imagesLeftOut(spec), commands: (file) => exportCommands(spec, file)}
}

/** The values that an export writes for the settings alone. */
export async function exportSettings(spec: HubSpec): Promise<ChartExport['values']> {
  const {exportValues} = await import('./kubernetes/chart/export-values.js')
  return exportValues(spec, new Map(), undefined)
}

/** Reads the files of a recipe, of which either engine makes the image. Throws `JHUB-E301`, `JHUB-E101` for what cannot be one. */
export async function requireReadableRecipe(
  files: LocalFiles,
  name: string,
  image: Pick<ImageSpec, 'recipe'>,
): Promise<void> {
  const {readRecipe} = await import('./images/read-recipe.js')
  await readRecipe(files, name, image)
}

/** The directory of people's homes, of a hub on a machine with systemd. */
export async function hostHomes(hubName: string): Promise<string> {
  const [{machineLayout}, {commonRoot}] = await Promise.all([
    import('./vm/machines/layout.js'),
    import('./vm/machines/systemd-base.js'),
  ])
  return machineLayout(`${commonRoot}/${hubName}`, `${commonRoot}/${hubName}.data`).homes
}
