import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {LocalFiles} from '../../../host/files/files.js'
import {parseImageLock, renderImageLock, withKnownHashes} from '../../../hub-spec/images/image-lock.js'
import type {ImageSpec} from '../../../hub-spec/images/images-spec.js'
import {resolveConda} from '../../images/conda/conda-kernels.js'
import {imageLocks, type ImageLocks, type NamedImage, type ToResolve} from '../../images/image-locks.js'
import {checkRequirements, readRecipe, recipeKey} from '../../images/read-recipe.js'
import type {InstallTools, Machine} from '../machines/machine.js'
import {chooseOnMachine} from './conda-on-machine.js'
import {exportProject} from '../packages/locks/export-project.js'
import {findPython, minorOf} from '../packages/find-python.js'
import {readLockFile, shortHash} from '../packages/locks/lock-files.js'
import {readAsset} from '../../read-assets.js'
import {resolvePackages} from '../packages/locks/resolve-packages.js'
import {readImageRecords} from './vm-image-records.js'
import {definedOnly} from '../../../defined-only.js'

export interface VmImageLocks extends InstallTools {
  readonly machine: Machine
  /** The files of the machine that runs jhub. */
  readonly local: LocalFiles
  readonly assets: string
}

/** Locks of the images of a machine, which uv chooses there, for the Python that the image has. */
export function vmImageLocks({machine, local, assets, python, uv}: VmImageLocks): ImageLocks {
  const standard = async () => ({
    requirements: await readAsset(local, path.join(assets, 'requirements', 'user.in')),
    overrides: await readAsset(local, path.join(assets, 'requirements', 'overrides.txt')),
    lock: (await readLockFile(local, assets, 'user')).text,
  })

  const recipeHash = async ([name, image]: NamedImage) => {
    const own = (await readLockFile(local, assets, 'user')).hash
    const key = recipeKey(await readRecipe(local, name, image))
    return shortHash(JSON.stringify([key, own, ...(image.python === undefined ? [] : [image.python])]))
  }

  const machineVersion = async () => {
    const found = (await findPython(machine)).python?.version
    return found === undefined ? undefined : minorOf(found)
  }

  const resolve = async (named: NamedImage, {there, signal}: ToResolve) => {
    const [name, image] = named
    const tools = {machine, uv: await uv(), python: await python(image.python), image: name, signal}
    const recipe = await recipeHash(named)
    const {conda: environment} = await readRecipe(local, name, image)
    if (environment !== undefined) {
      const conda = await resolveConda(chooseOnMachine({machine, local, assets, python, uv}, {image: name, signal}), {
        image: name,
        environment,
      })
      return {
        recipe,
        python: (await machineVersion()) ?? '',
        packages: (await standard()).lock.trim().concat('\n'),
        conda,
      }
    }
    const {requirements, known} = await pinned(named, tools)
    const chosen = await resolvePackages({
      ...tools,
      requirements,
      standard: await standard(),
      ...definedOnly({previous: there?.packages}),
    })
    const lock = parseImageLock(
      renderImageLock({
        recipe,
        python: image.python ?? (await machineVersion()) ?? '',
        packages: known === undefined ? chosen : withKnownHashes(chosen, known),
      }),
    )
    if (lock === undefined) throw new JhubError('JHUB-E210', `uv chose no packages for the image ${name}`)
    return lock
  }

  /** What is asked for, and the hashes that are known; of a project every package in the version of its uv.lock. */
  const pinned = async ([name, image]: NamedImage, tools: Omit<Parameters<typeof exportProject>[0], 'project'>) => {
    const {requirements, hashes, project} = await readRecipe(local, name, image)
    if (project === undefined) return {requirements, known: hashes}
    const known = await exportProject({...tools, project})
    return {requirements: checkRequirements(name, 'The uv.lock of its project', known), known}
  }

  return imageLocks({
    files: local,
    records: () => readImageRecords(machine),
    recipeHash,
    python: ([, image]: NamedImage) => (image.python === undefined ? machineVersion() : Promise.resolve(undefined)),
    resolve,
  })
}

/** The versions of Python that images name, each once. */
export function namedPythons(images: ReadonlyMap<string, ImageSpec>): readonly string[] {
  return [...new Set([...images.values()].flatMap(({python}) => (python === undefined ? [] : [python])))]
}
