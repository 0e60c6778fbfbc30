// Writes dist/jhub.cjs: the program, and of its libraries those that every command loads. Node reads one file, and keeps its
// compiled code, several times faster than 500. A library of many files that some commands need is a file beside it.
import {globSync, mkdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {writeWhenChanged} from './write-when-changed.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What only some commands need stays in node_modules, and is loaded when it is needed. */
const bundled = ['@oclif/core', 'cli-table3', 'fast-string-width', 'fastest-levenshtein', 'js-yaml', 'p-map']
/** Libraries of many files that some commands load: each is a file of its own. */
const apart = {
  '@kubernetes/client-node': 'kubernetes-client.cjs',
  execa: 'execa.cjs',
  yaml: 'yaml.cjs',
  zod: 'zod.cjs',
}
/** oclif looks for these where commands are run from TypeScript. */
const absent = ['ts-node', 'tsx', 'typescript']

const commands = globSync('commands/**/*.ts', {cwd: root}).sort()
const idOf = (file) => file.slice('commands/'.length, -'.ts'.length).replaceAll(path.sep, ':')
const entry = `
export {execute, Plugin} from '@oclif/core'
export const commands = {${commands.map((file) => `get '${idOf(file)}'() { return require('./${file}').default }`).join(',\n')}}
export const help = {get default() { return require('./src/cli/help/jhub-help.ts').default }}
export const commandNotFound = function (options) {
  return require('./src/cli/help/command-not-found.ts').default.call(this, options)
}
`

const isOfLibrary = (file) => file.includes(`${path.sep}node_modules${path.sep}`)
const packageOf = (name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]

/** The same module of oclif, which loads another module when it is first used. Each import is a line of its own: TypeScript wrote it. */
function lazily(code) {
  const imported = /^(?:const|var) (\w+_\d+) = ((?:__import\w+\()?require\("[^"]+"\)\)?);$/gm
  const names = [...code.matchAll(imported)].map(([, name]) => name)
  if (names.length === 0) return code
  return code
    .replaceAll(new RegExp(`\\b(${names.join('|')})\\.`, 'g'), '($1()).')
    .replaceAll(imported, 'const $1 = () => $2;')
}

/** The same module of oclif, which sorts words of ASCII without the tables of all languages. */
function withoutCollator(code) {
  return code.replace('a.id.localeCompare(b.id)', 'a.id < b.id ? -1 : 1')
}

/** The same code, which loads a module of Node or a library beside it when it is first used. Throws where it uses one in a way that cannot wait. */
function importsLazily(code) {
  const imported = /\b(import_\w+)=\s*(?:__toESM\(\s*)?require\("(node:[\w/]+|\.\/[\w-]+\.cjs)"\)(?:,\s*1\))?/g
  const modules = new Map([...code.matchAll(imported)].map(([, variable, name]) => [variable, JSON.stringify(name)]))
  const used = new RegExp(`\\b(${[...modules.keys()].join('|')})(?:\\.\\s*default\\b|(?=\\.))`, 'g')
  const lazy = code
    .replaceAll(used, (_, variable) => `__imports[${modules.get(variable)}]`)
    .replaceAll(imported, '$1=void 0')
  const left = new Map()
  for (const [variable] of lazy.matchAll(/\bimport_\w+/g)) left.set(variable, (left.get(variable) ?? 0) + 1)
  for (const [variable, name] of modules)
    // It is declared, and given nothing.
    if (left.get(variable) !== 2) throw new Error(`${name} is used other than by what it exports (${variable})`)
  return `const __imports = {}
for (const name of [${[...new Set(modules.values())].join()}])
  Object.defineProperty(__imports, name, {configurable: true, get() {
    const value = require(name)
    Object.defineProperty(__imports, name, {value})
    return value
  }})
${lazy}`
}

/** The same code for V8, which takes two bytes for each character as soon as one is not ASCII. esbuild leaves those of regular expressions. */
function inAscii(code) {
  return code.replaceAll(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const libraries = {
  name: 'libraries',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^[^./]/}, ({path: name, importer, kind}) => {
      const isApart = !isOfLibrary(importer) && name in apart
      if (name.startsWith('node:') || isApart) {
        // As an import() it would be an ES module, for which Node runs every getter of it: in http, one that loads another client.
        if (kind === 'dynamic-import') return {path: name, namespace: 'required'}
        return {external: true, ...(isApart ? {path: `./${apart[name]}`} : {})}
      }
      const isBundled = isOfLibrary(importer) ? !absent.includes(name) : bundled.includes(packageOf(name))
      return isBundled ? undefined : {external: true}
    })
    // cli-table3 measures words as jhub does, without a table of emoji.
    onResolve({filter: /^string-width$/}, ({importer}) =>
      importer.includes(`${path.sep}cli-table3${path.sep}`)
        ? {path: 'fast-string-width', namespace: 'width'}
        : undefined,
    )
    onLoad({filter: /.*/, namespace: 'width'}, ({path: name}) => ({
      contents: `module.exports = require('${name}').default`,
      resolveDir: root,
    }))
    onLoad({filter: /.*/, namespace: 'required'}, ({path: name}) => ({contents: `module.exports = require('${name}')`}))
    onLoad({filter: /@oclif[/\\]core[/\\]lib[/\\].*\.js$/}, ({path: file}) => ({
      contents: withoutCollator(lazily(readFileSync(file, 'utf8'))),
    }))
    // Without DEBUG, debug prints nothing, and oclif loads it all the same.
    onLoad({filter: /[/\\]debug[/\\]src[/\\]index\.js$/}, () => ({
      contents: `module.exports = process.env.DEBUG ? require('./node.js') : () => () => undefined`,
    }))
    // wsl-utils reads files and loads child_process, so that oclif can tell WSL from Linux. jhub does not ask.
    onLoad({filter: /[/\\]wsl-utils[/\\]index\.js$/}, () => ({
      contents: `export const isWsl = false, powerShellPath = () => 'powershell.exe'`,
    }))
  },
}

/** What zod says of a value is in our own words or in English. */
const inEnglish = {
  name: 'in English',
  setup({onLoad}) {
    onLoad({filter: /zod[/\\]v4[/\\]locales[/\\]index\.js$/}, () => ({
      contents: `export {default as en} from './en.js'`,
    }))
  },
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22.19',
  format: 'cjs',
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  metafile: true,
  write: false,
  logLevel: 'warning',
  define: {'import.meta.url': 'bundleUrl', 'import.meta.dirname': '__dirname'},
  banner: {js: `const bundleUrl = require('node:url').pathToFileURL(__filename).href`},
}
const program = await build({
  ...common,
  stdin: {contents: entry, resolveDir: root, sourcefile: 'jhub.ts'},
  outfile: 'dist/jhub.cjs',
  plugins: [libraries],
})
const code = program.outputFiles[0].text
const beside = await Promise.all(
  Object.entries(apart).map(([name, file]) =>
    build({
      ...common,
      stdin: {contents: `export ${namesUsed(file)} from '${name}'`, resolveDir: root},
      outfile: `dist/${file}`,
      plugins: [inEnglish],
    }),
  ),
)

/** What the program takes of a library that is apart; everything where it is loaded by import(), which says no names. */
function namesUsed(file) {
  const loaded = [
    ...code.matchAll(new RegExp(`(?:\\b(import_\\w+)=\\s*(?:__toESM\\()?)?require\\("\\./${file}"\\)`, 'g')),
  ]
  if (loaded.some(([, variable]) => variable === undefined)) return '*'
  const names = loaded.flatMap(([, variable]) => [...code.matchAll(new RegExp(`\\b${variable}\\.\\s*(\\w+)`, 'g'))])
  return `{${[...new Set(names.map(([, name]) => name))].sort().join(', ')}}`
}

/** What runs as a program of its own. */
const ownPrograms = await build({
  ...common,
  entryPoints: ['src/engines/kubernetes/clusters/kind/images/new-layers.ts'],
  outdir: 'dist',
  outExtension: {'.js': '.cjs'},
  plugins: [libraries],
})

const inputs = [program, ...beside].flatMap(({metafile}) => Object.keys(metafile.inputs))
const directories = inputs.flatMap((file) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
const notices = [...new Set(directories)].sort().map((directory) => {
  const {name, version, license} = JSON.parse(readFileSync(path.join(root, directory, 'package.json'), 'utf8'))
  const [file] = globSync('{LICENSE,LICENCE,license}*', {cwd: path.join(root, directory)})
  return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(path.join(root, directory, file), 'utf8')}`
})

// Of an ES module, require() gives no default export as our sources mean it.
for (const [, variable, name] of code.matchAll(/\b(import_\w+)=__toESM\(require\("([^".:][^":]*)"\)/g)) {
  const {type} = JSON.parse(readFileSync(path.join(root, 'node_modules', packageOf(name), 'package.json'), 'utf8'))
  if (type === 'module' && code.includes(`${variable}.default`))
    throw new Error(`${name} is an ES module with a default export: it has to be among the libraries that are bundled`)
}

mkdirSync(path.join(root, 'dist'), {recursive: true})
writeWhenChanged(path.join(root, 'dist/jhub.cjs'), inAscii(importsLazily(code)))
for (const {outputFiles} of [...beside, ownPrograms])
  writeWhenChanged(outputFiles[0].path, inAscii(outputFiles[0].text))
writeWhenChanged(path.join(root, 'dist/jhub.licenses.txt'), notices.join(`\n${'-'.repeat(80)}\n\n`))
