import path from 'node:path'
import type {Files} from '../../../host/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {ImageSpec} from '../../../hub-spec/images-spec.js'
import {parseImageLock} from '../../../hub-spec/image-lock.js'
import {JhubError} from '../../../errors.js'
import type {StepList} from '../../../steps/step.js'
import type {ImageKeeper, ImageSeen, PackageChoice} from '../../engine.js'
import type {Machine} from '../machines/machine.js'
import {choosePackages} from '../../images/choose-packages.js'
import {ensureEnvironment, environmentPath, isEnvironmentWhole} from '../steps/ensure-environment.js'
import {ensureUv} from '../steps/ensure-uv.js'
import {ensureLabPageConfig} from '../steps/ensure-lab-page-config.js'
import {recordImages} from '../../images/record-images.js'
import {imagePrefix, removeOldImages} from '../steps/remove-old-images.js'
import {findPython} from './find-python.js'
import {findUv} from './find-uv.js'
import {imageRecordFile, lockFileOf, readImageRecords} from './vm-image-records.js'
import {readAsset, readLockFile, shortHash} from './lock-files.js'
import {readInstalled} from './programs-seen.js'
import {imageContents} from '../../images/image-contents.js'
import {imageLocks} from '../../images/image-locks.js'
import {readRecipe} from '../../images/read-recipe.js'
import {resolvePackages} from './resolve-packages.js'

export interface VmImagesOptions {
  readonly machine: Machine
  /** The files of the machine that runs jhub. */
  readonly local: Files
  readonly assets: string
  readonly python: () => Promise<string>
  readonly uv: () => Promise<string>
}

/** Images as Python environments beside the one that jhub itself brings; a server is started from one of them. */
export function vmImages({machine, local, assets, python, uv}: VmImagesOptions): ImageKeeper {
  const {files} = machine

  const standard = async () => ({
    requirements: await readAsset(local, path.join(assets, 'requirements', 'user.in')),
    overrides: await readAsset(local, path.join(assets, 'requirements', 'overrides.txt')),
    lock: (await readLockFile(local, assets, 'user')).text,
  })
  const recipeHash = async (requirements: readonly string[]) =>
    shortHash(JSON.stringify([requirements.toSorted(), (await readLockFile(local, assets, 'user')).hash]))

  const pythonVersion = async () => (await findPython(machine)).python?.version.split('.').slice(0, 2).join('.')

  const locks = imageLocks({
    files: local,
    records: () => readImageRecords(machine),
    recipeHash: async ([name, image]) => recipeHash(await readRecipe(local, name, image)),
    python: pythonVersion,
    async resolve([name, image], {there, signal}) {
      const requirements = await readRecipe(local, name, image)
      const packages = await resolvePackages({
        machine,
        uv: await uv(),
        python: await python(),
        image: name,
        requirements,
        standard: await standard(),
        ...(there === undefined ? {} : {previous: there.packages}),
        ...(signal === undefined ? {} : {signal}),
      })
      const lock = parseImageLock(
        `# -\n# recipe: ${await recipeHash(requirements)}\n# python: ${(await pythonVersion()) ?? ''}\n${packages}`,
      )
      if (lock === undefined) throw new JhubError('JHUB-E210', `uv chose no packages for the image ${name}`)
      return lock
    },
  })
  const {current} = locks

  const environment = async (name: string, image: ImageSpec) => {
    const lock = await current(name, image)
    return lock === undefined ? undefined : environmentPath(machine, `${imagePrefix}${name}`, lockFileOf(lock))
  }
  const wholeEnvironment = async (name: string, image: ImageSpec) => {
    const directory = await environment(name, image)
    return directory !== undefined && (await isEnvironmentWhole(machine, directory)) ? directory : undefined
  }

  const canChoose = async () =>
    (await findPython(machine)).python !== undefined &&
    (await findUv(machine, (await readLockFile(local, assets, 'uv')).hash)) !== undefined

  const built = async (images: HubSpec['images']) => {
    const found = await Promise.all(
      [...images].map(async ([name, image]) => [name, await wholeEnvironment(name, image)] as const),
    )
    return new Map(
      found.flatMap(([name, directory]) => (directory === undefined ? [] : [[name, path.posix.basename(directory)]])),
    )
  }
  /** Where a recipe cannot be read, the next step says so. */
  const isUvNeeded = async ({images}: HubSpec) => {
    const open = await locks.undecided(images).catch(() => [])
    return open.length > 0 || (await built(images)).size < images.size
  }

  const steps = (spec: HubSpec, choice?: PackageChoice): StepList => [
    ...(spec.images.size === 0
      ? []
      : [
          ensureUv({
            machine,
            lock: () => readLockFile(local, assets, 'uv'),
            python,
            isNeeded: async () => choice?.take === 'newest' || isUvNeeded(spec),
          }),
        ]),
    ...[...spec.images].flatMap(([name, image]) => [
      choosePackages({
        name,
        local,
        lockFile: image.lockFile,
        current: () => current(name, image),
        choose: locks.chooser([name, image], choice),
        canChoose: async () => (await locks.isDecided(name, image).catch(() => false)) || (await canChoose()),
      }),
      ensureEnvironment({
        machine,
        name: `${imagePrefix}${name}`,
        title: `Install the image ${name}`,
        lock: async () => {
          const lock = await current(name, image)
          return lock === undefined ? undefined : lockFileOf(lock)
        },
        python,
        uv,
        shareBytecode: () => readAsset(local, path.join(assets, 'vm', 'jhub_bytecode.py')),
      }),
      ensureLabPageConfig(
        machine,
        async () => (await environment(name, image)) ?? path.posix.join(machine.layout.environments, name),
        ` of the image ${name}`,
      ),
    ]),
    recordImages(imageRecordFile(machine), () => locks.all(spec.images)),
  ]

  return {
    steps,
    clear: () => [removeOldImages(machine)],
    built: ({images}) => built(images),
    undecided: ({images}) => locks.undecided(images),
    contents: ({images}) => imageContents(local, images, current),
    async look({images}, name): Promise<ImageSeen> {
      const image = images.get(name)
      const directory = image === undefined ? undefined : await wholeEnvironment(name, image)
      const earlier = await locks.earlier(name)
      if (directory === undefined) return {packages: new Map(), kernels: [], earlier}
      const kernels = await files.list(path.posix.join(directory, 'share', 'jupyter', 'kernels'))
      return {
        reference: path.posix.basename(directory),
        packages: await readInstalled(machine, directory),
        kernels: kernels ?? [],
        earlier,
      }
    },
  }
}
