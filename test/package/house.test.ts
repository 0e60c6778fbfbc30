import {readFileSync} from 'node:fs'
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {execa} from 'execa'
import {beforeAll, describe, expect, it} from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const jhub = (...words: string[]) =>
  execa(process.execPath, [path.join(root, 'bin', 'run.js'), ...words], {reject: false})

const topicsOfPackage = (
  JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    oclif: {topics: Readonly<Record<string, unknown>>}
  }
).oclif.topics

let committedText = ''

beforeAll(async () => {
  committedText = readFileSync(path.join(root, 'oclif.manifest.json'), 'utf8')
  await execa('npm', ['run', 'build'], {cwd: root})
}, 180_000)

async function sourcesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, directory), {recursive: true})
  return entries.filter((entry) => entry.endsWith('.ts')).map((entry) => path.join(root, directory, entry))
}

interface Manifest {
  readonly commands: Readonly<
    Record<
      string,
      {
        readonly summary?: string
        readonly examples?: readonly unknown[]
        readonly enableJsonFlag: boolean
        readonly flags: Readonly<Record<string, {readonly summary?: string} | undefined>>
      }
    >
  >
}

describe('the package', () => {
  it('prints only where control characters of other people are taken out', async () => {
    const files = (await Promise.all(['src', 'commands'].map(sourcesBelow))).flat()
    const printing = files.filter((file) =>
      /process\.std(?:out|err)\.write|\bux\.std|console\.\w+\(|super\.log/.test(readFileSync(file, 'utf8')),
    )
    expect(printing.map((file) => path.relative(root, file)).sort()).toEqual([
      'src/cli/help/command-not-found.ts',
      'src/cli/help/jhub-help.ts',
      'src/cli/hub-command.ts',
      'src/cli/input/ask/ask.ts',
      // A program of its own, whose words jhub reads: nobody sees them unless they are the cause of an error, printed as any.
      'src/engines/kubernetes/clusters/kind/images/new-layers.ts',
    ])
  })

  it('has a manifest that is fresh, and every command has a summary, examples and --json', async () => {
    const committed = JSON.parse(committedText) as Manifest
    const fresh = await execa(process.execPath, [path.join(root, 'bin', 'manifest.js'), '--stdout'])
    expect(JSON.parse(fresh.stdout)).toEqual(committed)
    for (const [id, command] of Object.entries(committed.commands)) {
      expect(command.summary, id).toBeTruthy()
      expect(command.examples?.length, id).toBeGreaterThan(0)
      expect(command.enableJsonFlag, id).toBe(true)
      expect(command.flags['json']?.summary, id).toBe('Print the result as JSON.')
    }
    expect(Object.keys(committed.commands).sort()).toMatchInlineSnapshot(`
      [
        "attach",
        "auth:check",
        "auth:secret",
        "auth:set",
        "auth:show",
        "auth:unset",
        "bundle:create",
        "cards",
        "config:edit",
        "config:path",
        "config:show",
        "doctor",
        "down",
        "export:z2jh",
        "files:collect",
        "files:list",
        "files:push",
        "files:reset",
        "files:send",
        "group:add",
        "group:list",
        "group:remove",
        "group:set",
        "help:environment",
        "help:errors",
        "help:exit-codes",
        "image:add",
        "image:build",
        "image:list",
        "image:login",
        "image:logout",
        "image:remove",
        "image:rollback",
        "image:show",
        "image:unset",
        "image:update",
        "image:use",
        "import:tljh",
        "import:z2jh",
        "init",
        "limits:set",
        "limits:show",
        "limits:unset",
        "list",
        "logs",
        "open",
        "plan",
        "rehearse",
        "schema",
        "server:list",
        "server:restart",
        "server:start",
        "server:stop",
        "start",
        "status",
        "stop",
        "top",
        "up",
        "upgrade",
        "user:add",
        "user:import",
        "user:list",
        "user:password",
        "user:remove",
        "user:set",
        "user:show",
      ]
    `)
  })

  it('is a program in ASCII that loads none of the modules of Node before a command asks for them', async () => {
    const program = path.join(root, 'dist', 'jhub.cjs')
    expect(/[^\0-\x7F]/.exec(readFileSync(program, 'latin1'))?.[0]).toBeUndefined()
    const script =
      'const before = new Set(process.moduleLoadList); require(process.argv[1]); ' +
      'console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))))'
    const {stdout} = await execa(process.execPath, ['-e', script, program], {env: {OCLIF_DISABLE_ENGINE_WARNING: '1'}})
    expect(JSON.parse(stdout)).toEqual([])
  })

  it.each([
    ['@kubernetes/client-node', 'kubernetes-client.cjs', 'KubeConfig', 'function'],
    ['execa', 'execa.cjs', 'execa', 'function'],
    ['yaml', 'yaml.cjs', 'parseDocument', 'function'],
    ['zod', 'zod.cjs', 'z', 'object'],
  ])('loads %s from one file beside it', async (library, file, used, kind) => {
    const program = readFileSync(path.join(root, 'dist', 'jhub.cjs'), 'latin1')
    expect(program).toContain(`"./${file}"`)
    expect(program).not.toMatch(new RegExp(`(?:require|import)\\("${library}"\\)`))
    const script = 'console.log(typeof require(process.argv[1])[process.argv[2]], Object.keys(require.cache).length)'
    const {stdout} = await execa(process.execPath, ['-e', script, path.join(root, 'dist', file), used])
    expect(stdout).toBe(`${kind} 1`)
  })

  it('installs from its tarball and runs', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'jhub-pack-'))
    try {
      const packed = await execa('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
        cwd: root,
      })
      const [{filename, files}] = JSON.parse(packed.stdout) as [{filename: string; files: readonly {path: string}[]}]
      const paths = files.map((file) => file.path)
      for (const needed of [
        'assets/hub/jhub_authenticator.py',
        'assets/requirements/hub.txt',
        'dist/jhub.cjs',
        'dist/kubernetes-client.cjs',
        'dist/execa.cjs',
        'dist/yaml.cjs',
        'dist/zod.cjs',
        'dist/new-layers.cjs',
        'dist/jhub.licenses.txt',
        'oclif.manifest.json',
        'bin/run.js',
      ])
        expect(paths).toContain(needed)
      expect(
        paths.filter((each) => each.startsWith('test/') || each.endsWith('.ts') || each.includes('__pycache__')),
      ).toEqual([])
      await execa('npm', ['init', '-y'], {cwd: directory})
      await execa('npm', ['install', '--no-audit', '--no-fund', path.join(directory, filename)], {cwd: directory})
      const installed = await execa(path.join(directory, 'node_modules', '.bin', 'jhub'), ['help', 'exit-codes'])
      expect(installed.stdout).toContain('Interrupted.')
      const help = await execa(path.join(directory, 'node_modules', '.bin', 'jhub'), ['help', 'user', 'add'])
      expect(help.stdout).toContain('EXAMPLES')
    } finally {
      await rm(directory, {recursive: true, force: true})
    }
  }, 900_000)

  it('says its version without loading anything', async () => {
    const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {version: string}
    expect((await jhub('--version')).stdout).toBe(`jhub ${version}`)
  })

  it('has help for everything, and suggests the nearest command', async () => {
    const help = (await jhub('--help')).stdout
    const topics = /TOPICS\n([\s\S]+?)\n\n/.exec(help)?.[1] ?? ''
    expect(topics.match(/^ {2}\w+/gm)?.map((name) => name.trim())).toEqual(Object.keys(topicsOfPackage).sort())
    expect(help.match(/Start the hub, and make it match/g)).toHaveLength(1)
    expect((await jhub('user', 'add', '--help')).stdout).toContain('EXAMPLES')
    for (const words of [['rehearse'], ['image', 'login'], ['open']])
      expect((await jhub(...words, '--help')).stdout).not.toMatch(/\|\s*\]|\|\s+\|/)
    const unknown = await jhub('stauts')
    expect(unknown.exitCode).toBe(2)
    expect(unknown.stderr).toContain('jhub status')
  })

  it('loads one file for a listing of people in a settings file that it knows, and of Node what it needs', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'jhub-loads-'))
    try {
      const spec = path.join(directory, 'jhub.yaml')
      await writeFile(spec, 'version: 1\nname: loads\nmode: vm\nvm: {machine: process}\nusers: [ana]\n')
      const env = {JHUB_FILE: spec, JHUB_STATE_DIR: directory, JHUB_DATA_DIR: directory, XDG_CACHE_HOME: directory}
      const list = (module: string) =>
        execa(process.execPath, ['--import', module, path.join(root, 'bin', 'run.js'), 'user', 'list'], {env})
      const printLoaded = path.join(root, 'test', 'fixtures', 'print-loaded.mjs')
      await list(printLoaded)
      const {stderr, stdout} = await list(printLoaded)
      expect(stdout).toContain('ana')
      const loaded = [...stderr.matchAll(/^loaded file:\/\/(.*)$/gm)].map(([, file = '']) => path.relative(root, file))
      expect(loaded.filter((file) => !file.startsWith('test/')).sort()).toEqual([
        'bin/run.js',
        'dist/jhub.cjs',
        'package.json',
      ])
      const tell = 'data:text/javascript,process.on("exit",()=>console.error(process.moduleLoadList.join()))'
      const ofNode = new Set((await list(tell)).stderr.split(','))
      expect(ofNode).toContain('NativeModule fs')
      const slow = ['child_process', 'crypto', 'http2', 'readline', 'tls', 'zlib']
      expect(slow.filter((name) => ofNode.has(`NativeModule ${name}`))).toEqual([])
    } finally {
      await rm(directory, {recursive: true, force: true})
    }
  })

  it.each([
    ['commands/user/list.ts', ['yaml', 'zod']],
    ['commands/up.ts', ['zod']],
    ['src/engines/vm/vm-engine.ts', ['yaml', 'zod']],
    ['src/engines/kubernetes/kubernetes-engine.ts', ['zod']],
  ])('starts %s without %j: a settings file that it knows is not read again', async (entry, libraries) => {
    const {metafile} = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      metafile: true,
      write: false,
    })
    const loaded = new Set<string>()
    const load = (file: string) => {
      if (loaded.has(file)) return
      loaded.add(file)
      const imports = metafile.inputs[file]?.imports ?? []
      for (const each of imports) if (each.kind === 'import-statement') load(each.path)
    }
    load(entry)
    expect(loaded).toContain('src/defined-only.ts')
    expect(libraries.filter((library) => loaded.has(library))).toEqual([])
  })

  it('keeps compiled code where only this account writes', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'jhub-compiled-'))
    try {
      await execa(process.execPath, [path.join(root, 'bin', 'run.js'), 'schema'], {
        env: {HOME: home, TMPDIR: path.join(home, 'tmp')},
        extendEnv: false,
      })
      expect(await readdir(path.join(home, '.cache', 'jhub'))).toEqual(['compiled'])
      expect(await readdir(home)).toEqual(['.cache'])
    } finally {
      await rm(home, {recursive: true, force: true})
    }
  })
})
