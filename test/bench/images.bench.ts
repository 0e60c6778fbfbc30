import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {startAtOnce} from './crowd.js'
import {hubOf, stopByHand} from './hub-by-hand.js'
import {runQuietly, timeOf, type Comparison} from './measure.js'
import {restedDisk} from './rested-disk.js'
import {restartsNothing} from './restarts-nothing.js'

const requirements = fileURLToPath(new URL('../../assets/requirements', import.meta.url))
const name = 'imagebench'
const port = 18_560
const packages = ['pandas', 'matplotlib']
const names = Array.from({length: 20}, (_, index) => `student-${String(index)}`)

/**
 * Images on the process machine: the first against uv by hand, with what jhub itself installs in the cache of both; a second
 * of the same packages against the disk of the first; and a class that is given it while its servers run.
 */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  await restedDisk(say)
  const place = await mkdtemp(path.join(tmpdir(), 'jhub-bench-images-'))
  const jhub = await realJhub({name, port, environment: {UV_CACHE_DIR: path.join(place, 'cache-of-jhub')}})
  const add = (image: string) => jhub.json('image', 'add', image, ...packages.flatMap((each) => ['--package', each]))
  try {
    const theirs = await byHand(place)
    await jhub.json('up', '--port', String(port))
    yield {
      what: `image add of ${packages.join(' and ')}`,
      ours: await timeOf(() => add('data')),
      otherwise: 'uv by hand',
      theirs,
      hold: {times: 1.15},
    }
    const one = await diskOf(jhub, 'image-data-')
    say(`the same packages again: ${((await timeOf(() => add('again'))) / 1000).toFixed(1)} s`)
    yield {
      what: 'disk of two images of the same packages',
      ours: await diskOf(jhub, 'image-'),
      otherwise: 'one',
      theirs: one,
      unit: 'bytes',
      hold: {times: 1.1},
    }
    yield await switching(jhub)
  } finally {
    await jhub.dispose()
    await rm(place, {recursive: true, force: true})
  }
}

/** An environment with what a server needs and these packages, locked: once the cache has what a server needs. */
async function byHand(place: string): Promise<number> {
  const env = {UV_CACHE_DIR: path.join(place, 'cache-by-hand')}
  const make = async (directory: string, ...wanted: readonly string[]) => {
    const [environment, lock] = [path.join(place, directory), path.join(place, `${directory}.txt`)]
    const common = ['--quiet', '--python', path.join(environment, 'bin', 'python')]
    await execa('uv', ['venv', '--quiet', environment], {env})
    const from = [path.join(requirements, 'user.in'), '-', '--constraints', path.join(requirements, 'user.txt')]
    const chosen = ['--overrides', path.join(requirements, 'overrides.txt'), '--universal', '--generate-hashes']
    await execa('uv', ['pip', 'compile', ...common, ...from, ...chosen, '--output-file', lock], {
      env,
      input: wanted.join('\n'),
    })
    const install = ['--require-hashes', '--no-deps', '--compile-bytecode', '-r', lock]
    await runQuietly(['uv', 'pip', 'install', ...common, ...install], env)
  }
  await make('standard')
  return timeOf(() => make('data', ...packages))
}

/** Bytes on the disk of the hub's environments whose names begin so; files that they have in common count once. */
async function diskOf(jhub: RealJhub, prefix: string): Promise<number> {
  const place = path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', name, 'env')
  const directories = (await readdir(place)).filter((each) => each.startsWith(prefix) && !each.endsWith('.whole'))
  const {stdout} = await execa('du', ['-sck', ...directories], {cwd: place})
  return Number(stdout.split('\n').at(-1)?.split('\t')[0]) * 1024
}

/** A class whose servers run is given another image: by one command, and by requests to the hub. */
async function switching(jhub: RealJhub): Promise<Comparison> {
  await jhub.json('user', 'add', ...names)
  await jhub.json('server', 'start', ...names)
  await restartsNothing(jhub, 'image use', () => jhub.json('image', 'use', 'data'))
  const ours = await timeOf(() => jhub.json('server', 'restart', '--outdated'))
  const hub = await hubOf(jhub)
  const theirs = await timeOf(async () => {
    await Promise.all(names.map((each) => stopByHand(hub, each)))
    await startAtOnce(hub, names)
  })
  await jhub.json('server', 'stop', ...names)
  const what = `${String(names.length)} servers switched to another image`
  return {what, ours, otherwise: 'as many DELETEs and POSTs', theirs, hold: {times: 1.3}}
}
