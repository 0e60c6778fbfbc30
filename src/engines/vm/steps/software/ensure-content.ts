import path from 'node:path'
import {copyFile} from '../../../../host/files/copy-file.js'
import type {Files} from '../../../../host/files/files.js'
import {contentAddress, type ContentSpec} from '../../../../hub-spec/content-spec.js'
import type {Finding} from '../../../../findings/finding.js'
import type {Step} from '../../../../steps/step.js'
import {
  cloneCommand,
  cloneMs,
  findBranchCommand,
  noSuchBranch,
  notCloned,
  quietGit,
} from '../../../course-repository.js'
import {removePaths} from '../../../remove-paths.js'
import type {Machine} from '../../machines/machine.js'

export interface EnsureContentOptions {
  readonly machine: Machine
  readonly content: ContentSpec | undefined
  /** The text of `assets/hub/jhub_content.py`. */
  readonly program: () => Promise<string>
  /** The repository of a bundle, which is copied in place of the one at the address. */
  readonly bundled?: {readonly local: Files; readonly file: string}
}

/**
 * Makes the mirror of the course's repository, from which homes are filled. Throws `JHUB-E239` where the repository cannot be
 * cloned, or has no such branch.
 */
export function ensureContent({machine, content, program, bundled}: EnsureContentOptions): Step {
  const {files, layout} = machine
  const place = layout.content
  if (content === undefined) return removePaths(files, 'Remove the course repository', [place], layout.root)
  const mirror = path.posix.join(place, 'mirror.git')
  const texts = async () =>
    new Map([
      [path.posix.join(place, 'gitconfig'), gitConfiguration(content, mirror)],
      [path.posix.join(place, 'jhub_content.py'), await program()],
    ])
  /** What a copy leaves that was killed, of this jhub or another. */
  const leftOver = async () => {
    const known = [mirror, ...(await texts()).keys()]
    return ((await files.list(place)) ?? [])
      .map((name) => path.posix.join(place, name))
      .filter((each) => !known.includes(each))
  }
  const isCurrent = async () => {
    const found = await Promise.all([...(await texts())].map(async ([file, text]) => (await files.read(file)) === text))
    if (!found.every(Boolean) || (await files.stat(mirror)) === undefined) return false
    return hasBranch(machine, content, mirror)
  }
  const clone = async (target: string, signal: AbortSignal) => {
    if (bundled === undefined) return run(machine, content, cloneCommand(contentAddress(content), target), signal)
    const carried = path.posix.join(place, 'carried.gitbundle')
    try {
      await copyFile({from: bundled.local, file: bundled.file}, {to: files, file: carried}, signal)
      await run(machine, content, cloneCommand(carried, target), signal)
    } finally {
      await files.remove(carried)
    }
    const words = ['git', '--git-dir', target, 'remote', 'set-url', 'origin', contentAddress(content)]
    await run(machine, content, words, signal)
  }
  return {
    title: 'Copy the course repository',
    async check() {
      const from = bundled === undefined ? '' : ' from the bundle'
      if (!(await isCurrent()))
        return {summary: `copy ${content.git}${from}, from which each home gets what is new`, disturbs: 'live'}
      if ((await leftOver()).length === 0) return undefined
      return {summary: `remove what is left of a copy of ${content.git} that was interrupted`, disturbs: 'live'}
    },
    async apply({signal}) {
      for (const each of await leftOver()) await files.remove(each)
      if (await isCurrent()) return
      await files.makeDirectory(place, {mode: 0o755})
      const unfinished = path.posix.join(place, 'unfinished.git')
      await clone(unfinished, signal)
      await requireBranch(machine, content, unfinished)
      // The person who made the directory may have a umask of their own.
      await machine.run(['chmod', '-R', 'a+rX', unfinished])
      await files.remove(mirror)
      await machine.run(['mv', '--', unfinished, mirror])
      for (const [file, text] of await texts()) await files.write(file, text, {mode: 0o644})
      await files.setMode(place, 0o755)
    },
  }
}

async function run(
  machine: Machine,
  content: ContentSpec,
  words: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  try {
    await machine.run(words, {
      env: {...machine.facts.networkEnvironment, ...quietGit},
      timeoutMs: cloneMs,
      signal,
      cwd: '/',
    })
  } catch (error) {
    if (signal.aborted) throw error
    throw notCloned(content, error)
  }
}

async function requireBranch(machine: Machine, content: ContentSpec, repository: string): Promise<void> {
  if (!(await hasBranch(machine, content, repository))) throw noSuchBranch(content)
}

/** Whether what is copied has the branch that the spec names, if it names one. */
async function hasBranch(machine: Machine, {branch}: ContentSpec, repository: string): Promise<boolean> {
  if (branch === undefined) return true
  const {exitCode} = await machine.run(findBranchCommand(repository, branch), {okExitCodes: [0, 1], cwd: '/'})
  return exitCode === 0
}

/** Git takes a repository of another account only where it is told so, and reads the mirror in place of the address. */
function gitConfiguration(content: ContentSpec, mirror: string): string {
  return `[include]
\tpath = /etc/gitconfig
[safe]
\tdirectory = ${mirror}
[url "file://${mirror}"]
\tinsteadOf = ${contentAddress(content)}
`
}

/** Whether the machine has git; it is asked only where the spec names a repository. */
export async function gitFindings(machine: Machine, content: ContentSpec | undefined): Promise<readonly Finding[]> {
  if (content === undefined) return []
  const check = 'git'
  try {
    const {stdout} = await machine.run(['git', '--version'], {timeoutMs: 20_000, cwd: '/'})
    return [{check, state: 'ok', found: stdout.trim()}]
  } catch {
    const needed = 'git, which copies the repository of content.git'
    return [{check, state: 'problem', found: 'the machine has no git', needed, fix: 'sudo apt-get install git'}]
  }
}
