import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {ImageLock} from '../../../hub-spec/images/image-lock.js'
import type {ImageSpec} from '../../../hub-spec/images/images-spec.js'
import type {Step, StepList} from '../../../steps/step.js'
import type {ImageKeeper, ImageSeen, PackageChoice} from '../../engine.js'
import {installConda} from '../../images/conda/conda-kernels.js'
import {choosePackages} from '../../images/choose-packages.js'
import {imageContents} from '../../images/image-contents.js'
import type {ImageLocks, NamedImage} from '../../images/image-locks.js'
import {recordImages} from '../../images/record-images.js'
import type {Machine} from '../machines/machine.js'
import {ensureDebianPackages} from '../steps/software/ensure-debian-packages.js'
import {ensureEnvironment, type BesideStep} from '../steps/software/ensure-environment.js'
import {environmentPath, isEnvironmentWhole} from '../packages/environments.js'
import {ensureLabPageConfig} from '../steps/software/ensure-lab-page-config.js'
import {ensurePython} from '../steps/software/ensure-python.js'
import {ensureUv} from '../steps/software/ensure-uv.js'
import {removeOldImages} from '../steps/software/remove-old-images.js'
import {imagePrefix} from '../packages/environments.js'
import {ensureCondaProgram, hasCondaProgram} from './conda-program.js'
import {installOnMachine, readInstalledConda} from './conda-on-machine.js'
import {findPython} from '../packages/find-python.js'
import {findUv} from '../packages/find-uv.js'
import {kernelsOf} from './kernels.js'
import {measureEnvironment} from './measure-environment.js'
import {readLockFile, type LockFile} from '../packages/locks/lock-files.js'
import {readAsset} from '../../read-assets.js'
import {readInstalled} from '../packages/programs-seen.js'
import {namedPythons, vmImageLocks, type VmImageLocks} from './vm-image-locks.js'
import {imageRecordFile, lockFileOf} from './vm-image-records.js'

/** As all engines keep images, and what they are installed from. */
export interface VmImages extends ImageKeeper {
  /** `steps` of a list that installs uv itself, where the hub or `isUvNeeded` wants it. */
  stepsAfterUv(spec: HubSpec): StepList
  isUvNeeded(spec: Pick<HubSpec, 'images'>): Promise<boolean>
  /** Of images whose packages are chosen, by name. */
  lockFiles(spec: Pick<HubSpec, 'images'>): Promise<ReadonlyMap<string, LockFile>>
}

/** Images as Python environments beside the one that jhub ships; a server is started from one of them. */
export function vmImages(options: VmImageLocks): VmImages {
  const {machine, local} = options
  const locks = vmImageLocks(options)
  const {current} = locks

  const wholeEnvironment = async (name: string, image: ImageSpec) => {
    const directory = await environmentOf(machine, locks, [name, image])
    return directory !== undefined && (await isEnvironmentWhole(machine, directory)) ? directory : undefined
  }
  const built = async (images: HubSpec['images']) => {
    const found = await Promise.all(
      [...images].map(async ([name, image]) => [name, await wholeEnvironment(name, image)] as const),
    )
    return new Map(
      found.flatMap(([name, directory]) => (directory === undefined ? [] : [[name, path.posix.basename(directory)]])),
    )
  }
  /** Where a recipe cannot be read, the next step says so. */
  const isUvNeeded = async ({images}: Pick<HubSpec, 'images'>) => {
    const open = await locks.undecided(images).catch(() => [])
    if (open.length > 0 || (await built(images)).size < images.size) return true
    const pythons = await Promise.all(namedPythons(images).map((version) => findPython(machine, version)))
    return pythons.some(({python}) => python === undefined)
  }

  // Packages that are built on the machine may need what Debian has.
  const stepsAfterUv = (spec: HubSpec, choice?: PackageChoice): StepList => [
    ...ensureDebianPackages(machine, spec),
    ...toolSteps(options, spec, async () => choice?.take === 'newest' || isUvNeeded(spec)),
    ...[...spec.images].flatMap((named) => imageSteps(options, locks, named, choice)),
    recordImages(imageRecordFile(machine), () => locks.all(spec.images)),
  ]

  const steps = (spec: HubSpec, choice?: PackageChoice): StepList => [
    ...(spec.images.size === 0
      ? []
      : [
          ensureUv({
            machine,
            lock: () => readLockFile(local, options.assets, 'uv'),
            python: () => options.python(),
            isNeeded: async () => choice?.take === 'newest' || isUvNeeded(spec),
          }),
        ]),
    ...stepsAfterUv(spec, choice),
  ]

  return {
    steps,
    stepsAfterUv,
    isUvNeeded,
    clear: () => [removeOldImages(machine)],
    async lockFiles({images}) {
      const found = await Promise.all(
        [...images].map(async ([name, image]) => [name, await current(name, image)] as const),
      )
      return new Map(found.flatMap(([name, lock]) => (lock === undefined ? [] : [[name, lockFileOf(lock)]])))
    },
    built: ({images}) => built(images),
    async lost(_spec, references) {
      const whole = (each: string) => isEnvironmentWhole(machine, path.posix.join(machine.layout.environments, each))
      const found = await Promise.all(references.map(whole))
      return new Map(references.filter((_, index) => found[index] !== true).map((each) => [each, 'the machine']))
    },
    undecided: ({images}) => locks.undecided(images),
    contents: ({images}) => imageContents(local, images, current),
    async look({images}, name): Promise<ImageSeen> {
      const image = images.get(name)
      const directory = image === undefined ? undefined : await wholeEnvironment(name, image)
      const earlier = await locks.earlier(name)
      if (directory === undefined) return {packages: new Map(), kernels: [], earlier}
      const read = image?.recipe.by === 'environment' ? readInstalledConda : readInstalled
      const [packages, kernels, disk] = await Promise.all([
        read(machine, directory),
        kernelsOf(machine, directory),
        measureEnvironment(machine, directory),
      ])
      return {reference: path.posix.basename(directory), packages, kernels, ...definedOnly({disk}), earlier}
    },
  }
}

/** What images are installed with: every Python that they name, and conda. */
function toolSteps(options: VmImageLocks, {images}: HubSpec, isNeeded: () => Promise<boolean>): readonly Step[] {
  const {machine, uv} = options
  return [
    ...namedPythons(images).map((version) => ensurePython({machine, version, uv})),
    ...([...images.values()].some(({recipe}) => recipe.by === 'environment')
      ? [ensureCondaProgram(options, isNeeded)]
      : []),
  ]
}

/** Chooses the packages of one image, and installs them. */
function imageSteps(
  options: VmImageLocks,
  locks: ImageLocks,
  [name, image]: NamedImage,
  choice?: PackageChoice,
): readonly Step[] {
  const {machine, local, assets, python, uv} = options
  const current = () => locks.current(name, image)
  const isConda = image.recipe.by === 'environment'
  const canChoose = async () =>
    (await findPython(machine, image.python)).python !== undefined &&
    (await findUv(machine, (await readLockFile(local, assets, 'uv')).hash)) !== undefined &&
    (!isConda || (await hasCondaProgram(options)))
  return [
    choosePackages({
      name,
      local,
      lockFile: image.lockFile,
      current,
      choose: locks.chooser([name, image], choice),
      canChoose: async () => (await locks.isDecided(name, image).catch(() => false)) || (await canChoose()),
    }),
    ensureEnvironment({
      machine,
      name: `${imagePrefix}${name}`,
      title: `Install the image ${name}`,
      lock: async () => {
        const lock = await current()
        return lock === undefined ? undefined : lockFileOf(lock)
      },
      python: async () => python((await current())?.python),
      uv,
      linkProgram: () => readAsset(local, path.join(assets, 'vm', 'jhub_linked_environment.py')),
      shareBytecode: () => readAsset(local, path.join(assets, 'vm', 'jhub_bytecode.py')),
      ...(isConda ? {beside: (environment, step) => installBeside(options, {current, name, environment}, step)} : {}),
    }),
    ensureLabPageConfig(
      machine,
      async () =>
        (await environmentOf(machine, locks, [name, image])) ?? path.posix.join(machine.layout.environments, name),
      ` of the image ${name}`,
    ),
  ]
}

/** The conda packages of a lock, in the environment of its image. */
async function installBeside(
  options: VmImageLocks,
  {current, name, environment}: {current: () => Promise<ImageLock | undefined>; name: string; environment: string},
  {signal, report}: BesideStep,
): Promise<void> {
  const conda = (await current())?.conda
  if (conda !== undefined)
    await installConda(installOnMachine(options, environment, {image: name, signal}), conda, report)
}

/** Where the environment of an image's lock stands; `undefined` while it has none. */
async function environmentOf(
  machine: Machine,
  locks: ImageLocks,
  [name, image]: NamedImage,
): Promise<string | undefined> {
  const lock = await locks.current(name, image)
  return lock === undefined ? undefined : environmentPath(machine, `${imagePrefix}${name}`, lockFileOf(lock))
}
