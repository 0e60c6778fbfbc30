import {execa} from 'execa'
import type {Ran, RealJhub} from '../e2e/real-jhub.js'
import {noJournal, type Journal, type Noted} from './journal.js'
import {whatIsWrong, type Outcome} from './run-drift.js'
import type {StandingHub} from './standing-hub.js'

/** A command that is killed at many points, and what must hold when it is typed again. */
export interface KillCase {
  /** The command, as it is typed. */
  readonly words: readonly string[]
  /** In the table; by itself, the first words of the command. */
  readonly title?: string
  /** Makes the hub what it has to be before the command. */
  prepare(hub: StandingHub): Promise<unknown>
  /**
   * Looks at what the command is for, after it was typed again; one sentence for each thing that is not so. A hub stands when
   * it is done, whatever the command was.
   */
  reached(hub: StandingHub): Promise<readonly string[]>
  /** With what the second one may end where the first had done its work; `up` then does what is left. */
  readonly doneExitCode?: number
}

export interface KillOutcome extends Outcome {
  /** How many of the kills struck before the command had ended. */
  readonly struck: number
  /** How many points were tried; fewer than asked for when time was over. */
  readonly tried: number
}

export interface KillOptions {
  readonly points: number
  /** Hears of each kill. */
  readonly tell?: (line: string) => void
  readonly journal?: Journal
  /** No further point is begun once it says so. */
  readonly isOver?: () => boolean
  /** When plan, doctor, logins and homes are looked at; what the command is for is looked at after each kill. */
  readonly looks?: 'after each' | 'at the end'
}

/**
 * Kills a command by SIGKILL at points spread evenly over the time that it takes unharmed: every other time with all that it
 * started. After each, the same command must end well, and nobody may have lost anything. `standing` gives the hub, and is
 * asked only when there is something left to try.
 */
export async function runKills(
  standing: () => Promise<StandingHub>,
  kill: KillCase,
  {points, tell = () => undefined, journal = noJournal, isOver = () => false, looks = 'after each'}: KillOptions,
): Promise<KillOutcome> {
  const look = looks === 'after each' ? whatIsWrong : () => Promise.resolve([])
  const whole = journal.noted('unharmed') ?? (await unharmed(await standing(), kill, look))
  await journal.note('unharmed', whole)
  const tookMs = Math.round(whole.seconds * 1000)
  const outcomes: Noted[] = []
  for (let point = 1; point <= points; point++) {
    const name = `point ${String(point)} of ${String(points)}`
    const noted = journal.noted(name)
    if (noted === undefined && isOver()) continue
    const outcome =
      noted ??
      (await killAt(await standing(), kill, {look, afterMs: Math.round((tookMs * point) / (points + 1)), point}))
    await journal.note(name, outcome)
    outcomes.push(outcome)
    if (noted !== undefined) continue
    const when = outcome.struck === true ? '' : ', when it had ended'
    tell(`${name}${when}: ${outcome.failures.length === 0 ? 'as it must be' : outcome.failures.join('; ')}`)
  }
  const left = looks === 'at the end' ? await whatIsWrong(await standing()) : []
  return {
    name: `${titleOf(kill)}, killed at ${String(outcomes.length)} points`,
    failures: [...whole.failures, ...outcomes.flatMap(({failures}) => failures), ...left],
    struck: outcomes.filter(({struck}) => struck).length,
    tried: outcomes.length,
    seconds: [whole, ...outcomes].reduce((all, {seconds}) => all + seconds, 0),
  }
}

/** In the table, and what `--only` names. */
export function titleOf({title, words}: KillCase): string {
  return title ?? words.slice(0, 2).join(' ')
}

/** The command to its end; the seconds are those of the command alone. */
async function unharmed(hub: StandingHub, kill: KillCase, look: Look): Promise<Noted> {
  await kill.prepare(hub)
  const started = Date.now()
  await hub.jhub.json(...kill.words)
  const seconds = (Date.now() - started) / 1000
  return {failures: (await afterwards(hub, kill, look)).map((sentence) => `unharmed: ${sentence}`), seconds}
}

async function killAt(
  hub: StandingHub,
  kill: KillCase,
  {afterMs, point, look}: {readonly afterMs: number; readonly point: number; readonly look: Look},
): Promise<Noted> {
  const started = Date.now()
  await kill.prepare(hub)
  const struck = await killAfter(hub.jhub, kill.words, afterMs, point % 2 === 0)
  const again = await typeAgain(hub, kill)
  const wrong = [...(again.exitCode === 0 ? [] : [`again: ${again.stderr}`]), ...(await afterwards(hub, kill, look))]
  const failures = wrong.map((sentence) => `killed after ${String(afterMs)} ms: ${sentence}`)
  return {failures, struck, seconds: (Date.now() - started) / 1000}
}

async function typeAgain({jhub}: StandingHub, {words, doneExitCode}: KillCase): Promise<Ran> {
  const again = await jhub.run(...words)
  return again.exitCode !== 0 && again.exitCode === doneExitCode ? jhub.run('up') : again
}

type Look = typeof whatIsWrong

async function afterwards(hub: StandingHub, kill: KillCase, look: Look): Promise<readonly string[]> {
  return [...(await kill.reached(hub)), ...(await look(hub))]
}

/** True when the command was still running. */
async function killAfter(
  {program, environment, directory}: RealJhub,
  words: readonly string[],
  afterMs: number,
  withChildren: boolean,
): Promise<boolean> {
  const child = execa(process.execPath, [...program, ...words], {
    cwd: directory,
    env: environment,
    reject: false,
    stdin: 'ignore',
    // A program that was left running would hold our end of a pipe open.
    stdout: 'ignore',
    stderr: 'ignore',
    detached: true,
  })
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(withChildren ? -child.pid : child.pid, 'SIGKILL')
  }, afterMs)
  const {isTerminated} = await child
  clearTimeout(timer)
  return isTerminated
}
