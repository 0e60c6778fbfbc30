#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `jhub needs Node.js 22.19 or newer; this is ${process.versions.node}. In a checkout, bin/jhub brings its own.\n`,
  )
  process.exit(3)
}

// For an import, Node would run every getter of these modules, which load others.
const {statSync} = process.getBuiltinModule('node:fs')
const module = process.getBuiltinModule('node:module')
const {homedir} = process.getBuiltinModule('node:os')
const path = process.getBuiltinModule('node:path')

// Where only this account writes: elsewhere somebody else could have put compiled code there first.
const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'jhub', 'compiled')
if (path.isAbsolute(cache) && isOurOwn(cache)) module.enableCompileCache(cache)
const require = module.createRequire(import.meta.url)
const pjson = require('../package.json')

// Whoever reads (`| head`) has seen enough: there is nothing more to say, and work that is told on stderr goes on.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})
process.stderr.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error
})

const words = process.argv.slice(2)
if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
  process.stdout.write(`jhub ${pjson.version}\n`)
} else {
  // What was built runs: in a development or test environment oclif would look for the source.
  process.env.NODE_ENV = 'production'
  // Which Node it takes is said above.
  process.env.OCLIF_DISABLE_ENGINE_WARNING = '1'
  const {commands, execute} = require('../dist/jhub.cjs')
  const isOurs = words[0] !== 'help' && Object.keys(commands).some((id) => id.split(':')[0] === words[0])
  const plugins = isOurs ? [] : pjson.oclif.plugins
  const root = path.dirname(import.meta.dirname)
  await execute({loadOptions: {root, pjson: {...pjson, oclif: {...pjson.oclif, plugins}}}})
}

/** The directory, or the nearest one above it that is there, is of this account, and not open to every other one. */
function isOurOwn(directory) {
  try {
    const found = statSync(directory, {throwIfNoEntry: false})
    if (found === undefined) return isOurOwn(path.dirname(directory))
    return found.uid === process.getuid?.() && (found.mode & 0o002) === 0
  } catch {
    return false
  }
}
