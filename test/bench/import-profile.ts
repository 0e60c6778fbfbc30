import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {RealJhub} from '../e2e/real-jhub.js'
import {hubOf, startByHand} from './hub-by-hand.js'

const person = 'profiled'
/** As Python writes it with `-X importtime`: microseconds of the module itself, with what it imports, and its name. */
const line = /^import time:\s+(?<self>\d+) \|\s+\d+ \|\s+(?<module>\S+)$/gm
const packagesTold = 12

/** Of one package, what a server's start imports. */
export interface ImportedPackage {
  readonly name: string
  readonly modules: number
  /** Microseconds, without what its modules import of other packages. */
  readonly selfUs: number
}

/** Starts a server that says what it imports, and tells the packages that take longest. The hub restarts for it. */
export async function tellImports(jhub: RealJhub, say: (line: string) => void): Promise<void> {
  const {file} = await jhub.json<{file: string}>('config', 'path')
  const directory = path.dirname(file)
  await writeFile(
    path.join(directory, 'profile.py'),
    'c.Spawner.environment.update({"PYTHONPROFILEIMPORTTIME": "1"})\n',
  )
  await writeFile(file, `${await readFile(file, 'utf8')}\nhub: {extraConfig: profile.py}\n`)
  await jhub.json('up')
  await jhub.json('user', 'add', person)
  await startByHand(await hubOf(jhub), person)
  await jhub.json('server', 'stop', person)
  const log = path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', jhub.name, 'log', 'servers', `${person}.log`)
  const packages = importedPackages(await readFile(log, 'utf8'))
  const sum = (what: 'modules' | 'selfUs') => packages.reduce((all, each) => all + each[what], 0)
  const seconds = (us: number) => `${(us / 1_000_000).toFixed(2)} s`
  say(`a server imports ${String(sum('modules'))} modules in ${seconds(sum('selfUs'))}, most of them in:`)
  for (const {name, modules, selfUs} of packages.slice(0, packagesTold))
    say(`  ${name}: ${seconds(selfUs)}, ${String(modules)} modules`)
}

/** Throws where nothing was imported. */
export function importedPackages(said: string): readonly ImportedPackage[] {
  const found = new Map<string, ImportedPackage>()
  for (const {groups} of said.matchAll(line)) {
    const [name = ''] = groups?.['module']?.split('.') ?? []
    const {modules, selfUs} = found.get(name) ?? {modules: 0, selfUs: 0}
    found.set(name, {name, modules: modules + 1, selfUs: selfUs + Number(groups?.['self'])})
  }
  if (found.size === 0) throw new Error('the server did not say what it imports')
  return [...found.values()].sort((one, other) => other.selfUs - one.selfUs)
}
