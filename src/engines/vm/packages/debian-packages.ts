import type {CommandOptions, CommandResult} from '../../../host/processes/commands.js'
import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {nearest} from '../../../hub-spec/document/nearest.js'
import type {Machine} from '../machines/machine.js'
import {debianError} from './debian-error.js'
import {installMs} from './install-locked.js'

/** Debian packages that images name, each with the images that name it. */
export function namedDebianPackages({images}: Pick<HubSpec, 'images'>): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, readonly string[]>()
  for (const [image, {apt = []}] of images)
    for (const each of apt) named.set(each, [...new Set([...(named.get(each) ?? []), image])])
  return named
}

/** What the machine has installed; `undefined` for one that has no Debian packages at all. */
export async function installedDebianPackages(machine: Pick<Machine, 'run'>): Promise<ReadonlySet<string> | undefined> {
  // Of named ones it would end with an error where one is missing, so it is asked for all.
  const words = ['dpkg-query', '--show', '--showformat', '${Package} ${db:Status-Status}\\n']
  try {
    const {stdout} = await machine.run(words, {timeoutMs: 60_000, cwd: '/'})
    return new Set([...stdout.matchAll(/^(\S+) installed$/gm)].map(([, name = '']) => name))
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E201') return undefined
    throw error
  }
}

export interface DebianInstall {
  readonly names: readonly string[]
  readonly signal: AbortSignal
  readonly report: (text: string) => void
}

/**
 * Installs Debian packages as apt-get has them now, with nothing that they only recommend, and removes none. Throws `JHUB-E221`
 * for one that Debian does not have, `JHUB-E205` where its archive cannot be reached, `JHUB-E209` for a full disk.
 */
export async function installDebianPackages(
  machine: Pick<Machine, 'run' | 'facts'>,
  {names, signal, report}: DebianInstall,
): Promise<void> {
  const run = (argv: readonly string[], options: CommandOptions = {}) =>
    machine.run(argv, {
      signal,
      cwd: '/',
      timeoutMs: installMs,
      env: {...machine.facts.networkEnvironment, ...quiet},
      ...options,
    })
  const onLine = (line: string) => {
    if (/^(?:Get:|Unpacking |Setting up )/.test(line)) report(line.replace(/^Get:\d+ \S+ \S+ \S+ /, 'download '))
  }
  try {
    report('asks for what Debian has')
    // A list of others that is broken is no reason to have nothing of Debian's.
    const updated = await run(['apt-get', ...patience, 'update'], {okExitCodes: [0, 100]})
    await requireKnown(run, names, updated)
    const install = () => run(['apt-get', ...patience, ...exactly, 'install', '--', ...names], {onLine})
    await install().catch(async (error: unknown) => {
      if (!isInterrupted(error)) throw error
      // dpkg ends with 1 where a package was unpacked before one that it needs.
      await run(['dpkg', '--configure', '-a'], {okExitCodes: [0, 1]})
      await run(['apt-get', ...patience, ...exactly, '--fix-broken', 'install'], {onLine})
      await install()
    })
  } catch (error) {
    throw debianError(error, names)
  }
}

/** Nothing asks, and nothing that runs is started anew: Ubuntu's needrestart would do that to servers and the hub. */
const quiet = {DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', NEEDRESTART_MODE: 'l', LC_ALL: 'C.UTF-8'}
/** An update that the machine does by itself is waited for. */
const patience = ['-o', 'DPkg::Lock::Timeout=300']
/** A name is never a pattern, and what the machine has stays. */
const exactly = ['-o', 'APT::Cmd::Pattern-Only=true', '--yes', '--no-install-recommends', '--no-remove']

type Run = (argv: readonly string[], options?: CommandOptions) => ReturnType<Machine['run']>

async function requireKnown(run: Run, names: readonly string[], updated: CommandResult): Promise<void> {
  const answer = await run(['apt-cache', 'show', '--no-all-versions', ...names], {okExitCodes: [0, 100]})
  const known = new Set([...answer.stdout.matchAll(/^Package: (\S+)$/gm)].map(([, name = '']) => name))
  const [missing] = names.filter((each) => !known.has(each))
  if (missing === undefined) return
  const output = `${updated.stdout}\n${updated.stderr}`
  if (updated.exitCode !== 0 || /Failed to fetch|Could not (?:connect|resolve)/i.test(output))
    throw new JhubError(
      'JHUB-E201',
      `apt-get could not update all lists of packages, and no other list has ${missing}`,
      {
        cause: new Error(output.trim().split('\n').slice(-5).join('\n')),
        details: {output},
        fix: 'sudo apt-get update   # on the machine of the hub: says what is wrong. Then run the same command again',
      },
    )
  const {stdout} = await run(['apt-cache', 'pkgnames', missing.slice(0, 2)], {okExitCodes: [0, 100]})
  const suggestion = nearest(missing, stdout.split('\n').filter(Boolean))
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
  throw new JhubError('JHUB-E221', `The machine's Debian has no package ${missing}${hint}`, {fix: 'jhub config edit'})
}

/** A run before was killed while it unpacked or configured. */
function isInterrupted(error: unknown): boolean {
  const output = error instanceof JhubError ? error.details?.['output'] : undefined
  return typeof output === 'string' && /dpkg was interrupted|fix-broken install/.test(output)
}
