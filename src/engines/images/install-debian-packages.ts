import type {CommandOptions, CommandResult} from '../../host/processes/commands.js'
import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import {nearest} from '../../hub-spec/document/nearest.js'
import {RecipeError} from '../../hub-spec/images/recipes/recipe-error.js'
import {debianError} from './errors/debian-error.js'

/** A Debian, or what is made of it: a machine, or a container that becomes an image. */
export interface DebianPlace {
  readonly run: (argv: readonly string[], options?: CommandOptions) => Promise<CommandResult>
  /** The way to its archive. */
  readonly networkEnvironment: Readonly<Record<string, string>>
  /** For people, before `has no package`: `The machine's Debian`. */
  readonly title: string
  /** Where a person types what mends it: `on the machine of the hub`. */
  readonly where: string
}

/** An archive may be slow, and a package large. */
const longestMs = 3_600_000

export interface DebianInstall {
  readonly names: readonly string[]
  readonly signal: AbortSignal
  readonly report: (text: string) => void
}

/**
 * Installs Debian packages as apt-get has them now, with nothing that they only recommend, and removes none. Throws `JHUB-E221`
 * for one that Debian does not have, `JHUB-E205` where its archive cannot be reached, `JHUB-E209` for a full disk.
 */
export async function installDebianPackages(place: DebianPlace, {names, signal, report}: DebianInstall): Promise<void> {
  const run = (argv: readonly string[], options: CommandOptions = {}) =>
    place.run(argv, {
      signal,
      cwd: '/',
      timeoutMs: longestMs,
      env: {...place.networkEnvironment, ...quiet},
      ...options,
    })
  const onLine = (line: string) => {
    if (/^(?:Get:|Unpacking |Setting up )/.test(line)) report(line.replace(/^Get:\d+ \S+ \S+ \S+ /, 'download '))
  }
  try {
    report('asks for what Debian has')
    // A list of others that is broken is no reason to have nothing of Debian's.
    const updated = await run(['apt-get', ...patience, 'update'], {okExitCodes: [0, 100]})
    await requireKnown({...place, run}, names, updated)
    const install = () => run(['apt-get', ...patience, ...exactly, 'install', '--', ...names], {onLine})
    await install().catch(async (error: unknown) => {
      if (!isInterrupted(error)) throw error
      // dpkg ends with 1 where a package was unpacked before one that it needs.
      await run(['dpkg', '--configure', '-a'], {okExitCodes: [0, 1]})
      await run(['apt-get', ...patience, ...exactly, '--fix-broken', 'install'], {onLine})
      await install()
    })
  } catch (error) {
    throw debianError(error, names, place.where)
  }
}

/** Nothing asks, and nothing that runs is started anew: Ubuntu's needrestart would do that to servers and the hub. */
const quiet = {DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', NEEDRESTART_MODE: 'l', LC_ALL: 'C.UTF-8'}
/** An update that the machine does by itself is waited for. */
const patience = ['-o', 'DPkg::Lock::Timeout=300']
/** A name is never a pattern, and what the machine has stays. */
const exactly = ['-o', 'APT::Cmd::Pattern-Only=true', '--yes', '--no-install-recommends', '--no-remove']

async function requireKnown(
  {run, title, where}: DebianPlace,
  names: readonly string[],
  updated: CommandResult,
): Promise<void> {
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
        fix: `sudo apt-get update   # ${where}: says what is wrong. Then run the same command again`,
      },
    )
  const {stdout} = await run(['apt-cache', 'pkgnames', missing.slice(0, 2)], {okExitCodes: [0, 100]})
  const suggestion = nearest(missing, stdout.split('\n').filter(Boolean))
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
  throw new RecipeError('JHUB-E221', `${title} has no package ${missing}${hint}`, {
    missing,
    ...definedOnly({meant: suggestion}),
  })
}

/** A run before was killed while it unpacked or configured. */
function isInterrupted(error: unknown): boolean {
  const output = error instanceof JhubError ? error.details?.['output'] : undefined
  return typeof output === 'string' && /dpkg was interrupted|fix-broken install/.test(output)
}
