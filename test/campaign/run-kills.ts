import {execa} from 'execa'
import type {RealJhub} from '../e2e/real-jhub.js'
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
  /** Too long for every run of the tests. */
  readonly inCi?: false
}

export interface KillOutcome extends Outcome {
  /** How many of the kills struck before the command had ended. */
  readonly struck: number
}

/**
 * Kills a command by SIGKILL at points spread evenly over the time that it takes unharmed: every other time with all that it
 * started. After each, the same command must end well, and nobody may have lost anything. `tell` hears of each kill.
 */
export async function runKills(
  hub: StandingHub,
  kill: KillCase,
  points: number,
  tell: (line: string) => void = () => undefined,
): Promise<KillOutcome> {
  const started = Date.now()
  const failures: string[] = []
  let struck = 0
  await kill.prepare(hub)
  const took = await timeOf(() => hub.jhub.json(...kill.words))
  failures.push(...(await afterwards(hub, kill)).map((sentence) => `unharmed: ${sentence}`))
  for (let point = 1; point <= points; point++) {
    await kill.prepare(hub)
    const afterMs = Math.round((took * point) / (points + 1))
    const isStruck = await killAfter(hub.jhub, kill.words, afterMs, point % 2 === 0)
    if (isStruck) struck++
    const again = await hub.jhub.run(...kill.words)
    const wrong = [...(again.exitCode === 0 ? [] : [`again: ${again.stderr}`]), ...(await afterwards(hub, kill))]
    const where = `killed after ${String(afterMs)} of ${String(took)} ms`
    failures.push(...wrong.map((sentence) => `${where}: ${sentence}`))
    tell(`${where}${isStruck ? '' : ', when it had ended'}: ${wrong.length === 0 ? 'as it must be' : wrong.join('; ')}`)
  }
  const name = `${kill.title ?? kill.words.slice(0, 2).join(' ')}, killed at ${String(points)} points`
  return {name, failures, struck, seconds: (Date.now() - started) / 1000}
}

async function afterwards(hub: StandingHub, kill: KillCase): Promise<readonly string[]> {
  return [...(await kill.reached(hub)), ...(await whatIsWrong(hub))]
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

async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const started = Date.now()
  await action()
  return Date.now() - started
}
