// Lists the npm and Python packages for which there is something newer than what is locked. Exit code 1 when there are some.
import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'

const root = fileURLToPath(new URL('..', import.meta.url))
const requirements = readdirSync(`${root}/assets/requirements`)
  .filter((name) => name.endsWith('.in'))
  .map((name) => `assets/requirements/${name.slice(0, -'.in'.length)}`)
const numbers = (version) => version.split(/[.-]/).map(Number)

function isNewer(version, than) {
  const [ours, theirs] = [numbers(than), numbers(version)]
  const place = theirs.findIndex((number, index) => number !== ours[index])
  return place >= 0 && theirs[place] > (ours[place] ?? -1)
}

/** What stays behind on purpose, and why. */
const held = {
  node: 'the newest long-term release',
  '@types/node': 'the types of the Node.js that a checkout has',
  typescript: 'the newest that typescript-eslint takes',
}

async function npmPackages() {
  const {stdout} = await execa('npm', ['outdated', '--json'], {cwd: root, reject: false})
  return Object.entries(JSON.parse(stdout || '{}'))
    .filter(([, {current, latest}]) => isNewer(latest, current))
    .map(([name, {current, latest}]) => ({text: `${name} ${current} → ${latest}`, reason: held[name]}))
}

function versions(lock) {
  return [...lock.matchAll(/^([a-z0-9][\w.-]*)==(\S+)(?: ; ([^\\\n]*))?/gim)].map(([, name, version, marker]) => ({
    key: `${name}${marker === undefined ? '' : ` (${marker.trim()})`}`,
    version,
  }))
}

/** What the file asks for, and those that it names, without the versions that they pin and the locks that they keep to. */
function wantedOf(name) {
  return readFileSync(`${root}/${name}.in`, 'utf8')
    .replace(/^-c .*$/gm, '')
    .replace(/^-r (\S+)\.in$/gm, (_line, other) => wantedOf(`assets/requirements/${other}`))
    .replace(/==\S+/g, '')
}

/** Resolves the names anew. */
async function pythonPackages(name) {
  const words = ['--quiet', '--upgrade', '--universal', '--no-header', '--no-annotate', '--python-version', '3.10']
  const overrides = ['--overrides', 'assets/requirements/overrides.txt']
  const {stdout} = await execa('uv', ['pip', 'compile', ...words, ...overrides, '-'], {
    cwd: root,
    input: wantedOf(name),
  })
  const locked = new Map(versions(readFileSync(`${root}/${name}.txt`, 'utf8')).map((each) => [each.key, each.version]))
  return versions(stdout)
    .filter(({key, version}) => locked.get(key) !== version)
    .map(({key, version}) => ({text: `${key} ${locked.get(key) ?? 'not locked'} → ${version}   (${name}.txt)`}))
}

const found = [...(await npmPackages())]
for (const name of requirements) found.push(...(await pythonPackages(name)))
const behind = found.filter(({reason}) => reason === undefined)
for (const {text, reason} of found) console.log(reason === undefined ? text : `${text}   held back: ${reason}`)
if (behind.length === 0) console.log('Everything else is the newest that resolves.')
process.exitCode = behind.length === 0 ? 0 : 1
