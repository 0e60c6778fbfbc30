import path from 'node:path'
import {contentName, imageName} from '../../../bundle/part-names.js'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files/files.js'
import {contentAddress, type ContentSpec} from '../../../hub-spec/content-spec.js'
import type {GatheredBundle, GatherOptions} from '../../bundle-keeper.js'
import {translateInstallError} from '../../images/errors/install-error.js'
import type {Machine} from '../machines/machine.js'
import {findPython, minorOf} from '../packages/find-python.js'
import {moduleWords, pipInterpreter} from '../packages/find-uv.js'
import {installMs} from '../packages/locks/install-locked.js'
import {architectureName} from '../../../bundle/architecture-name.js'
import {packagesThere} from './bundle-environment.js'
import {packContent} from './pack-content.js'
import {copyFile} from '../../../host/files/copy-file.js'
import type {BundledLock} from './locks-to-bundle.js'

export interface GatherBundleOptions {
  readonly machine: Machine
  readonly local: Files
  /** Of every environment and program that `up` installs, by name. */
  readonly locks: ReadonlyMap<string, BundledLock>
  /** The repository of the course, where there is one. */
  readonly content: ContentSpec | undefined
  /** On this computer. */
  readonly directory: string
}

/** Has the machine of a hub download all that `up` would, and downloads it from there. */
export async function gatherBundle(
  {machine, local, locks, content, directory}: GatherBundleOptions,
  {signal, report}: GatherOptions,
): Promise<GatheredBundle> {
  const {python} = (await isThere(machine)) ? await findPython(machine) : {}
  if (python === undefined)
    throw new JhubError('JHUB-E204', 'There is no hub yet, and its machine downloads what goes into the bundle', {
      fix: 'jhub up',
    })
  const packages = packagesThere(machine.layout)
  const files = new Map<string, string>()
  try {
    await machine.files.remove(packages)
    const interpreter = await pipInterpreter(machine, python.path, `${packages}-bootstrap`)
    for (const [name, lock] of locks) {
      report(name)
      await download(machine, {interpreter, name, lock, signal})
    }
    const names = (await machine.files.list(packages)) ?? []
    for (const [index, name] of names.entries()) {
      report(`${String(index + 1)} of ${String(names.length)} packages`)
      const here = path.join(directory, 'packages', name)
      await copyFile({from: machine.files, file: path.posix.join(packages, name)}, {to: local, file: here}, signal)
      files.set(`packages/${name}`, here)
    }
  } finally {
    for (const place of [packages, `${packages}-bootstrap`]) await machine.files.remove(place)
  }
  if (content !== undefined) {
    report('the repository of the course')
    const here = path.join(directory, contentName)
    await packContent(machine, {to: local, file: here}, signal)
    files.set(contentName, here)
  }
  const image = machine.base?.image
  if (image !== undefined) {
    report("the machine's image")
    const here = path.join(directory, imageName)
    await image.save(here, signal)
    files.set(imageName, here)
  }
  return {
    mode: 'vm',
    platform: machine.facts.platform,
    architecture: architectureName(machine.facts.architecture),
    python: minorOf(python.version),
    locks: Object.fromEntries([...locks].map(([name, {hash}]) => [name, hash])),
    ...definedOnly({
      image: await image?.tag(),
      content: content === undefined ? undefined : contentAddress(content),
    }),
    files,
  }
}

async function isThere({base, files, layout}: Machine): Promise<boolean> {
  return ((await base?.isThere()) ?? true) && (await files.stat(layout.root)) !== undefined
}

interface PackagesOptions {
  /** A Python with pip. */
  readonly interpreter: string
  readonly name: string
  readonly lock: BundledLock
  readonly signal: AbortSignal
}

async function download(machine: Machine, {interpreter, name, lock, signal}: PackagesOptions): Promise<void> {
  const packages = packagesThere(machine.layout)
  const list = `${packages}.txt`
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input']
  const built = lock.builtOnly ? ['--only-binary', ':all:'] : []
  const exactly = [...built, '--no-deps', '--require-hashes', '--dest', packages, '-r', list]
  await machine.files.write(list, lock.text)
  try {
    await machine.run([interpreter, ...moduleWords(machine), 'pip', 'download', ...quiet, ...exactly], {
      signal,
      env: machine.facts.networkEnvironment,
      cwd: '/',
      timeoutMs: installMs,
    })
  } catch (error) {
    throw translateInstallError(error, name)
  } finally {
    await machine.files.remove(list)
  }
}
