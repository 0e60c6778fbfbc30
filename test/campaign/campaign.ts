import {writeFile} from 'node:fs/promises'
import {messageOf} from '../../src/errors.js'
import type {CampaignEngine} from './campaign-engine.js'
import {engines} from './engines.js'
import {runDrift, type Outcome} from './run-drift.js'
import {runKills, type KillOutcome} from './run-kills.js'
import {raiseHub, type StandingHub} from './standing-hub.js'

/**
 * `npm run campaign -- [ENGINE …] [drift|kill …] [--only WORDS] [--points N] [--table FILE]`: every drift and every kill on real
 * hubs, as a table. Ends with 1 when one of them was not as it must be.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)
const words = process.argv.slice(2)
const valueOf = (flag: string) => {
  const at = words.indexOf(flag)
  return at < 0 ? undefined : words.splice(at, 2)[1]
}
const [only, points, table] = [valueOf('--only'), Number(valueOf('--points') ?? 12), valueOf('--table')]
const unknown = words.filter((word) => !['drift', 'kill', ...engines.map(({name}) => name)].includes(word))
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')}; there are: drift, kill, ${engines.map(({name}) => name).join(', ')}`)
  process.exit(2)
}
const isAsked = (word: string, all: readonly string[]) =>
  words.includes(word) || !all.some((each) => words.includes(each))
const isMatching = (name: string) => only === undefined || name.includes(only)

const rows: string[] = ['| engine | case | as it must be | seconds |', '|---|---|---|---|']
const failures: string[] = []
let cases = 0

const record = (engine: CampaignEngine, outcome: Outcome, count: number, note = '') => {
  cases += count
  const isGood = outcome.failures.length === 0
  rows.push(`| ${engine.name} | ${outcome.name}${note} | ${isGood ? 'yes' : 'NO'} | ${outcome.seconds.toFixed(0)} |`)
  say(rows.at(-1) ?? '')
  for (const failure of outcome.failures) {
    failures.push(`${engine.name}, ${outcome.name}: ${failure}`)
    say(`    ${failure}`)
  }
}
/** What could not even be tried counts as a failure, and the rest goes on. */
const tried = async <T extends Outcome>(name: string, action: () => Promise<T>): Promise<T | Outcome> =>
  action().catch((error: unknown) => ({name, failures: [messageOf(error)], seconds: 0}))

const struckNote = (outcome: Outcome | KillOutcome) =>
  'struck' in outcome ? ` (${String(outcome.struck)} while it ran)` : ''

async function runOn(engine: CampaignEngine, hub: StandingHub): Promise<void> {
  const kinds = ['drift', 'kill']
  if (isAsked('drift', kinds))
    for (const drift of engine.drift.filter(({name}) => isMatching(name)))
      record(engine, await tried(drift.name, () => runDrift(hub, drift)), 1)
  if (!isAsked('kill', kinds)) return
  for (const kill of engine.kills.filter(({words: typed}) => isMatching(typed.join(' ')))) {
    const outcome = await tried(kill.words.slice(0, 2).join(' '), () => runKills(hub, kill, points))
    record(engine, outcome, points, struckNote(outcome))
  }
}

for (const engine of engines.filter(({name}) =>
  isAsked(
    name,
    engines.map((each) => each.name),
  ),
)) {
  const why = await engine.whyNot()
  if (why !== undefined) {
    say(`SKIPPED: ${engine.name}: ${why}`)
    continue
  }
  const jhub = await engine.make()
  try {
    await runOn(engine, await raiseHub(jhub, (of, account, file) => engine.readHome(of, account, file)))
  } finally {
    await jhub.dispose()
  }
}

rows.push('', `${String(cases)} cases, ${String(failures.length)} things not as they must be`)
say(rows.at(-1) ?? '')
if (table !== undefined) await writeFile(table, `${rows.join('\n')}\n`)
process.exitCode = failures.length === 0 ? 0 : 1
