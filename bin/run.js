#!/usr/bin/env node
import module from 'node:module'
import {readFileSync} from 'node:fs'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `jhub needs Node.js 22.19 or newer; this is ${process.versions.node}. In a checkout, bin/jhub brings its own.\n`,
  )
  process.exit(3)
}

module.enableCompileCache()

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
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`jhub ${version}\n`)
} else {
  // What was built runs: in a development or test environment oclif would look for the source.
  process.env.NODE_ENV = 'production'
  const {execute} = await import('@oclif/core')
  await execute({dir: import.meta.url})
}
