import {losses, planned, problems, type StandingHub} from './standing-hub.js'

/** One thing that goes wrong with a hub that stands, and what jhub must say and do about it. */
export interface DriftCase {
  /** What was damaged, and how: `settings.json emptied`. */
  readonly name: string
  /** One of the few that CI tries on a hub that another test brought up. */
  readonly inCi?: boolean
  damage(hub: StandingHub): Promise<unknown>
  /** What `plan` has to say of it. Absent: the platform itself repairs it, perhaps before anybody looks. */
  readonly planned?: RegExp
  /** What `doctor` has to call a problem. Absent: as for `planned`. */
  readonly diagnosed?: RegExp
  /** Where only a person can choose how to go on: what `up` says as it refuses, and the command that is typed then. */
  readonly refused?: {readonly says: RegExp; readonly typed: readonly string[]}
}

export interface Outcome {
  readonly name: string
  /** One sentence each; none when all was as it must be. */
  readonly failures: readonly string[]
  readonly seconds: number
}

/** Damages a hub, asks `plan` and `doctor`, runs one `up`, and looks that nothing is lost and nothing is left to do. */
export async function runDrift(hub: StandingHub, drift: DriftCase): Promise<Outcome> {
  const {jhub} = hub
  const started = Date.now()
  const failures: string[] = []
  const expectIn = (what: string, wanted: RegExp | undefined, seen: readonly string[]) => {
    if (wanted !== undefined && !seen.some((line) => wanted.test(line)))
      failures.push(`${what} does not say ${String(wanted)}: ${seen.join(' | ') || 'nothing'}`)
  }
  await drift.damage(hub)
  expectIn('plan', drift.planned, await planned(jhub))
  expectIn('doctor', drift.diagnosed, await problems(jhub))
  if (drift.refused !== undefined) {
    const said = await jhub.run('up')
    if (said.exitCode === 0) failures.push('up did not refuse')
    expectIn('up', drift.refused.says, [said.stderr])
  }
  const repaired = await jhub.run(...(drift.refused?.typed ?? ['up']))
  if (repaired.exitCode !== 0) failures.push(`${drift.refused?.typed.join(' ') ?? 'up'} failed: ${repaired.stderr}`)
  failures.push(...(await whatIsWrong(hub)))
  return {name: drift.name, failures, seconds: (Date.now() - started) / 1000}
}

/** Whatever is not as it must be on a hub that was just brought up. */
export async function whatIsWrong(hub: StandingHub): Promise<readonly string[]> {
  const left = await planned(hub.jhub)
  return [
    ...left.map((summary) => `still to do: ${summary}`),
    ...(await problems(hub.jhub)).map((problem) => `doctor: ${problem}`),
    ...(await losses(hub)),
  ]
}
