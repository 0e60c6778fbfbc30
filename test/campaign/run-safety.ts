import {openBrowser, type Kernel} from '../e2e/browser.js'
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
    const said = await attempt(kernel, root, tried, false)
    if (said !== tried.held) failures.push(`${when}, ${tried.protection} did not hold: ${said}`)
  }
  const kernel = await kernelOf(hub)
  if (stage !== undefined) await root(stage.set)
  try {
    await expectHeld('as it is')
    if (without !== undefined) await root(without.away)
    const said = await attempt(kernel, root, tried, without === undefined || without.outside === true).finally(() =>
      without === undefined ? undefined : root(without.back),
    )
    if (said === tried.held) failures.push(`the attempt did not succeed without ${tried.protection}: it shows nothing`)
    if (without !== undefined) await expectHeld('put back')
  } finally {
    if (stage !== undefined) await root(stage.clear)
  }
  return {name: `${tried.name} (${tried.protection})`, failures, seconds: (Date.now() - started) / 1000}
}

async function attempt(kernel: Kernel, root: RootShell, {code, judge}: SafetyCase, isOutside: boolean) {
  const printed = isOutside ? await runOutside(root, code) : await kernel.run(code)
  const plain = printed
    .split('\n')
    .filter((line) => !line.startsWith('Bad pipe message'))
    .join('\n')
    .trim()
  return judge === undefined ? plain : (await root(judge(plain))).trim()
}

const kernels = new WeakMap<StandingHub, Promise<Kernel>>()

/** The kernel of ana in which every attempt of a hub is made: a machine under emulation takes minutes to start one. */
function kernelOf(hub: StandingHub): Promise<Kernel> {
  const opened = kernels.get(hub) ?? openKernel(hub)
  kernels.set(hub, opened)
  opened.catch(() => kernels.delete(hub))
  return opened
}

async function openKernel({jhub, url, passwords}: StandingHub): Promise<Kernel> {
  await jhub.json('server', 'start', 'ana', 'ben')
  const browser = openBrowser(url)
  if (!(await browser.login('ana', passwords['ana'] ?? ''))) throw new Error('ana cannot log in')
  return browser.openKernel('ana')
}

/** The same account, with nothing of its unit around it, nor of the limits that sudo sets. */
async function runOutside(root: RootShell, code: string): Promise<string> {
  const encoded = Buffer.from(code).toString('base64')
  return root(
    `uid=$(stat -c %u $DATA/homes/ana); cd $DATA/homes/ana; echo ${encoded} | base64 -d | prlimit --core=unlimited setpriv --reuid=$uid --regid=$uid --clear-groups python3 -`,
  )
}
