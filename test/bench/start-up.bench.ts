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
  const bare = {otherwise: 'node -e 0', theirs: await medianOf(runs, node)}
  yield {
    what: 'jhub --version',
    ours: await medianOf(runs, () => jhub('--version')),
    ...bare,
    hold: {moreMs: 20},
  }
  yield {what: 'jhub --help', ours: await medianOf(runs, () => jhub('--help')), ...bare}
}
