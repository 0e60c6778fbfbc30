import {cpus, loadavg, totalmem} from 'node:os'
import {readdirSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {renderComparison, type Bench} from './measure.js'

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
const [cpu] = cpus()
say(
  `Machine: ${String(cpus().length)} × ${cpu?.model ?? 'unknown'}, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, ${process.platform}, Node ${process.version}, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
)
for (const name of asked.length > 0 ? asked : known) {
  say(`\n${name}`)
  const {bench} = (await import(`./${name}.bench.ts`)) as {bench: Bench}
  for await (const comparison of bench((line) => say(`  ${line}`))) say(`  ${renderComparison(comparison)}`)
}
