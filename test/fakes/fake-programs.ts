import path from 'node:path'
import {JhubError} from '../../src/errors.js'
import type {CommandOptions, CommandResult} from '../../src/host/processes/commands.js'
import type {MemoryFiles} from './memory-files.js'

export type FakeRun = (argv: readonly string[], options?: CommandOptions) => Promise<CommandResult | undefined>

export const answer = (stdout = ''): CommandResult => ({stdout, stderr: '', exitCode: 0})

/** A database while its schema is changed: no hub comes up with it. */
export const halfSchema = 'half of a schema'

/** The programs that install: a Python, uv, and the hub's own that loads a configuration. `undefined`: another program. */
export function fakePrograms(files: MemoryFiles): FakeRun {
  return async (words, options) => {
    const argv = words.filter((word) => word !== '-I' && word !== '-S')
    const line = argv.join(' ')
    if (argv[1] === '-c' && argv[2]?.includes('isOpenToAll') === true) {
      const [, downloaded] = /\/cpython-([\d.]+)-/.exec(argv[0] ?? '') ?? []
      const path = downloaded === undefined ? '/usr/bin/python3' : argv[0]
      return answer(JSON.stringify({path, version: downloaded ?? '3.12.1', isOpenToAll: true}))
    }
    if (argv[1]?.endsWith('/jhub_conda.py') === true) return fakeConda(files, argv.slice(3), options?.stdin)
    if (line.startsWith('uv python install ')) {
      const [place = '', version = ''] = [options?.env?.['UV_PYTHON_INSTALL_DIR'], argv[3]]
      if (version === '3.10') throw new JhubError('JHUB-E201', 'uv ended with exit code 1')
      await files.write(path.posix.join(place, `cpython-${version}.0-linux`, 'bin', `python${version}`), 'python')
      return answer()
    }
    if (argv[0] === 'uv' && argv[1] === 'export') return fakeExport(files, options?.cwd ?? '')
    if (line === 'uv --version') return answer('uv 0.13.0')
    if (argv[0] === 'uv' && argv[1] === 'venv') {
      const directory = argv.at(-1) ?? ''
      await files.write(path.posix.join(directory, 'bin', 'python'), argv.at(-2) ?? '')
      return answer()
    }
    if (argv[0] === 'uv' && argv[1] === 'pip' && argv[2] === 'compile') return fakeCompile(files, argv)
    if (argv[0] === 'uv' && argv[1] === 'pip' && argv[2] === 'install') {
      // Nothing was downloaded here before.
      if (argv.includes('--offline')) throw new JhubError('JHUB-E201', 'uv ended badly: not in the cache')
      const target = argv[argv.indexOf('--target') + 1] ?? ''
      if (argv.includes('--target')) {
        await files.write(path.posix.join(target, 'bin', 'program'), 'program')
        return answer()
      }
      const python = argv[argv.indexOf('--python') + 1] ?? ''
      if ((await files.read(python)) === undefined) throw new JhubError('JHUB-E201', `${python} is not there`)
      const environment = path.posix.dirname(path.posix.dirname(python))
      for (const [, name, version] of (options?.stdin ?? '').matchAll(/^(jupyter(?:hub|lab))==(\S+)/gm)) {
        const facts = path.posix.join('lib', 'python3.12', 'site-packages', `${name ?? ''}-${version ?? ''}.dist-info`)
        await files.write(path.posix.join(environment, facts, 'METADATA'), 'facts')
      }
      return answer()
    }
    // What compiles a new environment.
    if (argv[1] === '-' && argv[2]?.endsWith('/env') === true) return answer()
    if (argv[0] === 'rm') {
      await files.remove(argv.at(-1) ?? '')
      return answer()
    }
    if (argv.includes('du'))
      return answer(
        argv
          .slice(argv.indexOf('--') + 1)
          .map((directory) => `1024\t${directory}`)
          .join('\n'),
      )
    if (argv.includes('--show-config')) return answer()
    if (argv[0] === 'python3' && argv[1] === '-') return fakeNetworkRules(files, argv.slice(2))
    if (argv[1] === '-' && argv[2] === 'copy') {
      await files.write(argv[4] ?? '', (await files.read(argv[3] ?? '')) ?? '', {mode: 0o600})
      return answer()
    }
    if (argv[0] === 'cp') {
      await files.write(argv[2] ?? '', (await files.read(argv[1] ?? '')) ?? '', {mode: 0o600})
      return answer()
    }
    if (argv[1] === '-' && argv[2] === 'accounts')
      return answer(
        JSON.stringify(await Promise.all(argv.slice(3).map(async (file) => accountsIn(await files.read(file))))),
      )
    if (argv[1] === '-' && argv[2] === 'upgrade') {
      // The schema is named after the hub's environment; it is changed in two, so that it can be half done.
      const [file = '', schema = ''] = [argv[3], /\/(hub-[^/]+)\//.exec(argv[0] ?? '')?.[1]]
      await files.write(file, halfSchema, {mode: 0o600})
      await files.write(file, `accounts in the schema of ${schema}`, {mode: 0o600})
      return answer()
    }
    return undefined
  }
}

/** An index whose newest version of everything stands in `/index`; what the file before had is kept. */
async function fakeCompile(files: MemoryFiles, argv: readonly string[]): Promise<CommandResult> {
  const [input = '', , output = ''] = argv.slice(-3)
  const newest = (await files.read('/index')) ?? '1.0'
  const kept = new Map(
    [...((await files.read(output)) ?? '').matchAll(/^(\S+)==(\S+)/gm)].map(([, name, version]) => [name, version]),
  )
  const names = ((await files.read(input)) ?? '')
    .split('\n')
    .flatMap((line) => /^[a-z][a-z0-9-]*/.exec(line)?.[0] ?? [])
  if (names.includes('nosuch')) {
    const output = `cause: Because nosuch was not found in the package registry and you require nosuch, we can conclude`
    throw new JhubError('JHUB-E201', 'uv ended with exit code 1', {details: {output}})
  }
  const asked = new Map(
    [...((await files.read(input)) ?? '').matchAll(/^([a-z]\S*)==([\d.]+)$/gm)].map(([, name, version]) => [
      name,
      version,
    ]),
  )
  const lines = names.map((name) => `${name}==${asked.get(name) ?? kept.get(name) ?? newest} \\\n    --hash=sha256:00`)
  await files.write(output, `${lines.join('\n')}\n`)
  return answer()
}

/** A channel that has everything in the version that stands in `/index`, and gives it in two parts: packages, then a kernel. */
async function fakeConda(
  files: MemoryFiles,
  [verb, place = '', other = '', image = '']: readonly string[],
  asked = '{}',
) {
  if (verb === 'choose') {
    const {specs} = JSON.parse(asked) as {specs: readonly string[]}
    if (specs.includes('nosuch')) {
      const output = 'jhub: disagree: Cannot solve the request because of: No candidates were found for nosuch *.'
      throw new JhubError('JHUB-E201', 'python3 ended with exit code 1', {details: {output}})
    }
    const version = (await files.read('/index')) ?? '1.0'
    const found = specs.map((name) => ({
      url: `https://conda.example/noarch/${name}-${version}-0.conda`,
      sha256: '0'.repeat(64),
      name,
      version,
      isPython: 'no',
    }))
    return answer(JSON.stringify(found))
  }
  if (verb === 'install') {
    const {packages} = JSON.parse(asked) as {packages: readonly {url: string}[]}
    for (const {url} of packages)
      await files.write(path.posix.join(place, 'conda-meta', path.basename(url, '.conda').concat('.json')), '{}')
    return answer('[]')
  }
  await files.write(path.posix.join(other, 'share', 'jupyter', 'kernels', image, 'kernel.json'), '{}')
  return answer('[]')
}

/** The packages of a uv.lock, with hashes that are not the index's. */
async function fakeExport(files: MemoryFiles, project: string): Promise<CommandResult> {
  const read = async (name: string) => (await files.read(path.posix.join(project, name))) ?? ''
  const [wanted, lock] = [await read('pyproject.toml'), await read('uv.lock')]
  if (!lock.includes(`# of ${wanted}`)) {
    const output = 'error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.'
    throw new JhubError('JHUB-E201', 'uv ended with exit code 1', {details: {output}})
  }
  const packages = [...lock.matchAll(/^name = "(\w+)"\nversion = "([\d.]+)"\nsource = \{ registry/gm)]
  return answer(
    packages.map(([, name = '', version = '']) => `${name}==${version} \\\n    --hash=sha256:11\n`).join(''),
  )
}

/** The rules that `jhub_network.py` gave a kernel, which are gone after a boot. */
async function fakeNetworkRules(files: MemoryFiles, [verb, argument = '']: readonly string[]): Promise<CommandResult> {
  const kernel = '/run/network-rules'
  const seen = await files.read(kernel)
  if (verb === 'present') return answer(JSON.stringify(seen !== undefined))
  if (verb === 'load') {
    await files.append(kernel, '')
    files.entries.set(kernel, {kind: 'file', text: argument, mode: 0o600, uid: 0})
  }
  if (verb === 'remove') await files.remove(kernel)
  const state = seen === undefined ? 'absent' : seen === argument ? 'wanted' : 'other'
  return answer(verb === 'look' ? JSON.stringify({tool: 'nft', state}) : '')
}

/** As `jhub_database.py accounts` says it; a fake database has one person, or is empty. */
function accountsIn(text: string | undefined): object {
  if (text === undefined) return {state: 'missing'}
  if (text === '') return {state: 'empty'}
  return text.startsWith('accounts')
    ? {state: 'whole', people: 1, digest: text}
    : {state: 'damaged', why: 'file is not a database'}
}
