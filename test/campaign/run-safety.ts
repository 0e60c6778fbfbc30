import {openBrowser} from '../e2e/browser.js'
import type {Outcome} from './run-drift.js'
import type {SafetyCase} from './safety-cases.js'
import type {StandingHub} from './standing-hub.js'

/** Runs a line of sh as root where the hub stands and gives what it printed; `$DATA` is what `down` keeps. */
export type RootShell = (script: string) => Promise<string>

/** Tries a protection three times: as it is, taken away, and put back. The attempt must succeed only while it is away. */
export async function runSafety(hub: StandingHub, root: RootShell, tried: SafetyCase): Promise<Outcome> {
  const started = Date.now()
  const failures: string[] = []
  const {stage, without} = tried
  const expectHeld = async (when: string) => {
    const said = await attempt(hub, root, tried, false)
    if (said !== tried.held) failures.push(`${when}, ${tried.protection} did not hold: ${said}`)
  }
  await hub.jhub.json('server', 'start', 'ana', 'ben')
  if (stage !== undefined) await root(stage.set)
  try {
    await expectHeld('as it is')
    if (without !== undefined) await root(without.away)
    const said = await attempt(hub, root, tried, without === undefined || without.outside === true).finally(() =>
      without === undefined ? undefined : root(without.back),
    )
    if (said === tried.held) failures.push(`the attempt did not succeed without ${tried.protection}: it shows nothing`)
    if (without !== undefined) {
      await waitForHub(hub)
      await expectHeld('put back')
    }
  } finally {
    if (stage !== undefined) await root(stage.clear)
  }
  return {name: `${tried.name} (${tried.protection})`, failures, seconds: (Date.now() - started) / 1000}
}

async function attempt(hub: StandingHub, root: RootShell, {code, judge}: SafetyCase, isOutside: boolean) {
  const printed = isOutside ? await runOutside(root, code) : await runInServer(hub, code)
  const plain = printed
    .split('\n')
    .filter((line) => !line.startsWith('Bad pipe message'))
    .join('\n')
    .trim()
  return judge === undefined ? plain : (await root(judge(plain))).trim()
}

async function runInServer({url, passwords}: StandingHub, code: string): Promise<string> {
  const browser = openBrowser(url)
  if (!(await browser.login('ana', passwords['ana'] ?? ''))) throw new Error('ana cannot log in')
  return browser.runCode('ana', code)
}

/** The same account, with nothing of its unit around it. */
async function runOutside(root: RootShell, code: string): Promise<string> {
  const encoded = Buffer.from(code).toString('base64')
  return root(
    `uid=$(stat -c %u $DATA/homes/ana); cd $DATA/homes/ana; echo ${encoded} | base64 -d | setpriv --reuid=$uid --regid=$uid --clear-groups python3 -`,
  )
}

async function waitForHub({url}: StandingHub): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`${url}/hub/api/`, {signal: AbortSignal.timeout(10_000)}).catch(() => undefined)
    if (answer?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error('the hub did not come back')
}
