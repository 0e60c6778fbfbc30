import {execa} from 'execa'
import {openBrowser, type Browser} from './browser.js'
import type {RealJhub} from './real-jhub.js'

/** What `jhub auth check --login` shows when somebody opens its link and signs in. */
export async function showTestLogin(
  jhub: RealJhub,
  signIn: (browser: Browser, link: string) => Promise<unknown>,
): Promise<unknown> {
  const running = execa(process.execPath, [...jhub.program, 'auth', 'check', '--login', '--json'], {
    cwd: jhub.directory,
    env: jhub.environment,
    timeout: 600_000,
  })
  for await (const line of running.iterable({from: 'stderr'})) {
    const link = /^http\S+\/hub\/trial\?token=\S+$/.exec(line)?.[0]
    if (link !== undefined) await signIn(openBrowser(new URL(link).origin), link)
  }
  const said = JSON.parse((await running).stdout) as {readonly login: unknown}
  return said.login
}
