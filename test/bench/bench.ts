import {cpus, loadavg, totalmem} from 'node:os'
import {readdirSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {Skipped, type Bench, type Comparison} from './measure.js'
import {renderComparison, renderCount, renderTable} from './render-comparison.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const known = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}; there are: ${known.join(', ')}\n`)
  process.exit(2)
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const load = () => (loadavg()[0] ?? 0).toFixed(1)
const [cpu] = cpus()
const machine = `${String(cpus().length)} × ${cpu?.model ?? 'unknown'}, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, ${process.platform}, Node ${process.version}`
const loadBefore = load()
say(`Machine: ${machine}, load ${loadBefore}`)

const all: Comparison[] = []
const skipped: string[] = []
const failed: string[] = []
for (const name of asked.length > 0 ? asked : known) {
  say(`\n${name}`)
  const {bench} = (await import(`./${name}.bench.ts`)) as {bench: Bench}
  try {
    for await (const comparison of bench((line) => say(`  ${line}`))) {
      say(`  ${renderComparison(comparison)}`)
      all.push({...comparison, what: `${name}: ${comparison.what}`})
    }
  } catch (error) {
    const isSkipped = error instanceof Skipped
    ;(isSkipped ? skipped : failed).push(name)
    say(`  ${isSkipped ? 'SKIPPED' : 'FAILED'}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

say(`\n${new Date().toISOString().slice(0, 10)}, ${machine}; load ${loadBefore} before, ${load()} after\n`)
say(renderTable(all))
say(`\n${renderCount(all, {skipped, failed})}`)
process.exitCode = failed.length === 0 ? 0 : 1
