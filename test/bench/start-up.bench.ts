import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {medianOf, runQuietly, type Comparison} from './measure.js'

const run = path.join(fileURLToPath(new URL('../..', import.meta.url)), 'bin', 'run.js')
const runs = 15

/** How long a person waits for the first word. */
export async function* bench(): AsyncIterable<Comparison> {
  const node = () => runQuietly([process.execPath, '-e', '0'])
  const jhub = (...words: string[]) => runQuietly([process.execPath, run, ...words])
  await Promise.all([node(), jhub('--version'), jhub('--help')])
  const bareMs = await medianOf(runs, node)
  yield {
    what: 'jhub --version',
    oursMs: await medianOf(runs, () => jhub('--version')),
    otherwise: 'node -e 0',
    otherwiseMs: bareMs,
    hold: `+ 20 ms, here ${((bareMs + 20) / bareMs).toFixed(2)}`,
  }
  yield {
    what: 'jhub --help',
    oursMs: await medianOf(runs, () => jhub('--help')),
    otherwise: 'node -e 0',
    otherwiseMs: bareMs,
    hold: 'nothing; it is told',
  }
}
