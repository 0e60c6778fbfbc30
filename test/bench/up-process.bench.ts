import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {realJhub} from '../e2e/real-jhub.js'
import {runQuietly, timeOf, type Comparison} from './measure.js'
import {listPeople, upAgain} from './small-verbs.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const port = 18_500

/** `up` on the process machine against the same installation by hand, each from an empty cache and from its own warm one. */
export async function* bench(): AsyncIterable<Comparison> {
  const caches = await mkdtemp(path.join(tmpdir(), 'jhub-bench-'))
  try {
    for (const state of ['empty', 'warm']) {
      const theirs = await byHand(path.join(caches, 'hand'))
      const jhub = await realJhub({port, environment: {UV_CACHE_DIR: path.join(caches, 'jhub')}})
      try {
        const up = () => jhub.json('up', '--port', String(port))
        const ours = await timeOf(up)
        yield {what: `up, ${state} cache`, ours, otherwise: 'by hand', theirs, hold: {times: 1}}
        if (state === 'warm') {
          yield await listPeople(jhub)
          yield await upAgain(jhub)
        }
      } finally {
        await jhub.dispose()
      }
    }
  } finally {
    await rm(caches, {recursive: true, force: true})
  }
}

/** Installs, starts, waits for the login page, and takes all away again. */
async function byHand(cache: string): Promise<number> {
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-by-hand-'))
  const script = path.join(root, 'test', 'bench', 'by-hand-process.sh')
  const environment = {UV_CACHE_DIR: cache, PORT: String(port), ROOT: root, NODE: process.execPath}
  try {
    return await timeOf(() => runQuietly(['bash', script, 'up', directory], environment))
  } finally {
    await execa('bash', [script, 'down', directory], {env: environment, reject: false})
    await rm(directory, {recursive: true, force: true})
  }
}
