import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'
import {writeWhenChanged} from './write-when-changed.js'

// The manifest is of what was built: in a development or test environment oclif would look for the source.
process.env.NODE_ENV = 'production'
const {Plugin} = createRequire(import.meta.url)('../dist/jhub.cjs')
const root = fileURLToPath(new URL('..', import.meta.url))
const plugin = new Plugin({root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true})
await plugin.load()
const commands = Object.fromEntries(Object.entries(plugin.manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1)))
const text = `${JSON.stringify({...plugin.manifest, commands}, undefined, 2)}\n`
if (process.argv.includes('--stdout')) process.stdout.write(text)
else writeWhenChanged(`${root}/oclif.manifest.json`, text)
