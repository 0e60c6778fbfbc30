import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {tellImports} from './import-profile.js'
import {runQuietly, timeOf, type Comparison} from './measure.js'
import {restedDisk} from './rested-disk.js'
import {listPeople, upAgain} from './small-verbs.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const port = 18_500
const portBeside = 18_520

/**
 * `up` on the process machine against the same installation by hand, each from an empty cache and from its own warm one.
 * Nothing is removed before all are measured.
 */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  await restedDisk(say)
  const place = await mkdtemp(path.join(tmpdir(), 'jhub-bench-'))
  const hubs: RealJhub[] = []
  try {
    for (const state of ['empty', 'warm']) {
      const theirs = await byHand(await mkdtemp(path.join(place, 'hub-')), path.join(place, 'cache-by-hand'))
      const jhub = await realJhub({port, environment: {UV_CACHE_DIR: path.join(place, 'cache-of-jhub')}})
      hubs.push(jhub)
      const ours = await timeOf(() => jhub.json('up', '--port', String(port)))
      yield {what: `up, ${state} cache`, ours, otherwise: 'by hand', theirs, hold: {times: 1}}
      if (state === 'warm') {
        yield await listPeople(jhub)
        yield await upAgain(jhub)
        const beside = await realJhub({port: portBeside, name: 'beside', environment: sameMachine(jhub)})
        hubs.unshift(beside)
        const besideMs = await timeOf(() => beside.json('up', '--port', String(portBeside)))
        yield {what: 'up of a hub beside it', ours: besideMs, otherwise: 'by hand', theirs, hold: {ms: 6_000}}
        await tellImports(jhub, say)
      }
      await jhub.json('stop')
    }
  } finally {
    for (const jhub of hubs) await jhub.dispose()
    await rm(place, {recursive: true, force: true})
  }
}

/** A second hub of this machine finds there what the first has installed. */
function sameMachine({environment}: RealJhub): Readonly<Record<string, string>> {
  const {JHUB_STATE_DIR = '', UV_CACHE_DIR = ''} = environment
  return {JHUB_STATE_DIR, UV_CACHE_DIR}
}

/** Installs, starts, waits for the login page, and ends it. */
async function byHand(directory: string, cache: string): Promise<number> {
  const script = path.join(root, 'test', 'bench', 'by-hand-process.sh')
  const environment = {UV_CACHE_DIR: cache, PORT: String(port), ROOT: root, NODE: process.execPath}
  try {
    return await timeOf(() => runQuietly(['bash', script, 'up', directory], environment))
  } finally {
    await execa('bash', [script, 'down', directory], {env: environment, reject: false})
  }
}
