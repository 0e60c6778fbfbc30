import {writeFile} from 'node:fs/promises'
import {messageOf} from '../../src/errors.js'
import type {CampaignEngine} from './campaign-engine.js'
import {runCarried} from './carried.js'
import {renderMoment, runDay} from './day.js'
import {engines} from './engines.js'
import {below, noJournal, openJournal} from './journal.js'
import {runDrift, type Outcome} from './run-drift.js'
import {runKills, titleOf, type KillOutcome} from './run-kills.js'
import {runSafety} from './run-safety.js'
import {raiseHub, type StandingHub} from './standing-hub.js'

/**
 * `npm run campaign -- [ENGINE …] [drift|kill|safety|day|carried …] [--only WORDS[,WORDS]] [--points N] [--table FILE]
 * [--journal FILE [--minutes N]]`: every drift, kill and protection on real hubs, and the day of a workshop, as a table. Ends
 * with 1 when one of them was not as it must be.
 *
 * `--only` takes the case of that name, or else each with these words in its name. What was as it must be is noted in the journal and
 * not tried again; after so many minutes nothing more is begun, and the same command goes on where it stopped.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)
const kinds = ['drift', 'kill', 'safety', 'day', 'carried']
const words = process.argv.slice(2)
const valueOf = (flag: string) => {
  const at = words.indexOf(flag)
  return at < 0 ? undefined : words.splice(at, 2)[1]
}
const [only, points, table] = [valueOf('--only')?.split(','), Number(valueOf('--points') ?? 12), valueOf('--table')]
const [journalFile, minutes] = [valueOf('--journal'), Number(valueOf('--minutes') ?? Infinity)]
const journal = journalFile === undefined ? noJournal : await openJournal(journalFile)
const until = Date.now() + minutes * 60_000
const isOver = () => Date.now() >= until
const unknown = words.filter((word) => ![...kinds, ...engines.map(({name}) => name)].includes(word))
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')}; there are: ${kinds.join(', ')}, ${engines.map(({name}) => name).join(', ')}`)
  process.exit(2)
}
const isAsked = (word: string, all: readonly string[]) =>
  words.includes(word) || !all.some((each) => words.includes(each))
/** Those that `--only` names. */
function asked<T>(cases: readonly T[], nameOf: (each: T) => string): readonly T[] {
  if (only === undefined) return cases
  const names = cases.map(nameOf)
  return cases.filter((each) => {
    const name = nameOf(each)
    return only.some((words) => name === words || (!names.includes(words) && name.includes(words)))
  })
}

const rows: string[] = ['| engine | case | as it must be | seconds |', '|---|---|---|---|']
const failures: string[] = []
const timelines: string[] = []
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

const dayName = 'the day of a workshop'

const struckNote = (outcome: Outcome | KillOutcome) =>
  'struck' in outcome ? ` (${String(outcome.struck)} while it ran)` : ''

/** The hub of the day, in a bundle. */
async function carry(engine: CampaignEngine): Promise<void> {
  if (engine.day === undefined || !isAsked('carried', kinds)) return
  const place = await engine.day()
  record(engine, await tried('a bundle where there is no route', () => runCarried(place, say)), 1)
}

/** The day has a hub of its own; its timeline stands below the table. */
async function playDay(engine: CampaignEngine): Promise<void> {
  if (engine.day === undefined || !isAsked('day', kinds) || asked([dayName], String).length === 0) return
  const place = await engine.day()
  const day = await tried(dayName, () => runDay(place, say))
  record(engine, day, 1)
  if ('timeline' in day) timelines.push('', `The day on ${engine.name}:`, ...day.timeline.map(renderMoment))
}

/** One case after the other on one hub; a hub with which something was wrong is taken away, and the next case has a new one. */
async function runOn(engine: CampaignEngine): Promise<void> {
  let hub: StandingHub | undefined
  const raise = async () => {
    const jhub = await engine.make()
    try {
      return await raiseHub(engine, jhub)
    } catch (error) {
      await jhub.dispose()
      throw error
    }
  }
  const standing = async () => (hub ??= await raise())
  const done = below(journal, engine.name)
  const settle = async (outcome: Outcome | KillOutcome, count: number) => {
    record(engine, outcome, count, struckNote(outcome))
    if (outcome.failures.length === 0) return
    await hub?.jhub.dispose()
    hub = undefined
  }
  const run = async (
    name: string,
    action: (on: StandingHub) => Promise<Outcome>,
    {keepsHub = false}: {readonly keepsHub?: boolean} = {},
  ) => {
    const noted = done.noted(name)
    if (noted === undefined && isOver()) return
    const outcome = noted === undefined ? await tried(name, async () => action(await standing())) : {name, ...noted}
    await done.note(name, outcome)
    if (keepsHub) record(engine, outcome, 1)
    else await settle(outcome, 1)
  }
  try {
    if (isAsked('drift', kinds))
      for (const drift of asked(engine.drift, ({name}) => name)) await run(drift.name, (on) => runDrift(on, drift))
    const {safety} = engine
    if (safety !== undefined && isAsked('safety', kinds))
      for (const each of asked(safety.cases, ({name}) => name))
        // Each puts back what it took away: the hub stays, whatever did not hold.
        await run(each.name, (on) => runSafety(on, safety.rootShell(on.jhub), each), {keepsHub: true})
    if (!isAsked('kill', kinds)) return
    for (const kill of asked(engine.kills, titleOf)) {
      if (isOver()) return
      const options = {
        points,
        tell: (line: string) => void say(`    ${line}`),
        journal: below(done, titleOf(kill)),
        isOver,
      }
      const outcome = await tried(titleOf(kill), () => runKills(standing, kill, options))
      await settle(outcome, 'tried' in outcome ? outcome.tried : 1)
    }
  } finally {
    await hub?.jhub.dispose()
  }
}

const names = engines.map(({name}) => name)
for (const engine of engines.filter(({name}) => isAsked(name, names))) {
  const why = await engine.whyNot()
  if (why === undefined) {
    await runOn(engine)
    await playDay(engine)
    await carry(engine)
  } else say(`SKIPPED: ${engine.name}: ${why}`)
}

rows.push('', `${String(cases)} cases, ${String(failures.length)} things not as they must be`)
say(rows.at(-1) ?? '')
if (table !== undefined) await writeFile(table, `${[...rows, ...timelines].join('\n')}\n`)
process.exitCode = failures.length === 0 ? 0 : 1
