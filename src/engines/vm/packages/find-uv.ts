import path from 'node:path'
import {exitCodeOf, JhubError} from '../../../errors.js'
import {wasKilled} from '../../../host/processes/ended-by-kernel.js'
import type {Machine} from '../machines/machine.js'

/** Older ones cannot read our lock files with all their hashes and markers. */
const oldestUv = [0, 5] as const

/** Where our own uv stands when the machine has none. */
export function ownUvPath(machine: Machine, lockHash: string): string {
  return path.posix.join(machine.layout.tools, `uv-${lockHash}`, 'bin', 'uv')
}

/**
 * What uv runs with: the machine's way to the indexes, and never a Python of its own. Root's has a directory for temporary files
 * that nobody else can enter: uv waits there for locks of builds, whose names can be guessed.
 */
export function uvEnvironment({facts, layout}: Pick<Machine, 'facts' | 'layout'>): Readonly<Record<string, string>> {
  const common = {...facts.networkEnvironment, UV_NO_PROGRESS: '1', UV_PYTHON_DOWNLOADS: 'never'}
  return facts.uid === 0 ? {...common, TMPDIR: layout.packageCache} : common
}

/** A uv that the machine already has and that is new enough; else the one that jhub installed, if it is there. */
export async function findUv(machine: Machine, lockHash: string): Promise<string | undefined> {
  for (const program of ['uv', ownUvPath(machine, lockHash)]) {
    if (await isUsable(machine, program)) return program
  }
  return undefined
}

async function isUsable(machine: Machine, program: string): Promise<boolean> {
  try {
    const {stdout} = await machine.run([program, '--version'], {timeoutMs: 20_000})
    const [major = 0, minor = 0] = (/^uv (\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number)
    return major > oldestUv[0] || (major === oldestUv[0] && minor >= oldestUv[1])
  } catch (error) {
    if (saysNo(error)) return false
    throw error
  }
}

/** The program is not there or ended with an error; one that the kernel ended for want of memory has not said anything. */
function saysNo(error: unknown): boolean {
  return error instanceof JhubError && error.code === 'JHUB-E201' && !wasKilled(exitCodeOf(error))
}

/** A module is looked for where the person stands, unless told otherwise; root takes none from a home either. */
export function moduleWords({facts}: Pick<Machine, 'facts'>): readonly string[] {
  return facts.uid === 0 ? ['-I', '-m'] : ['-m']
}

/** The pip that can install uv: the interpreter's own, or what its `ensurepip` makes. */
export async function findPip(machine: Machine, python: string): Promise<'pip' | 'ensurepip' | undefined> {
  const answers = async (...words: string[]) => {
    try {
      await machine.run([python, ...words], {timeoutMs: 60_000, cwd: '/'})
      return true
    } catch (error) {
      if (saysNo(error)) return false
      throw error
    }
  }
  if (await answers(...moduleWords(machine), 'pip', '--version')) return 'pip'
  return (await answers('-I', '-c', 'import ensurepip, venv')) ? 'ensurepip' : undefined
}

/**
 * A Python that has pip: the one given, or an environment that is made of it at `bootstrap`. Throws `JHUB-E200` where neither
 * can be had.
 */
export async function pipInterpreter(machine: Machine, python: string, bootstrap: string): Promise<string> {
  const pip = await findPip(machine, python)
  if (pip === 'pip') return python
  if (pip === undefined)
    throw new JhubError('JHUB-E200', `Neither uv nor pip is here to install packages for ${python}`)
  await machine.run([python, '-I', '-m', 'venv', '--clear', bootstrap], {cwd: '/'})
  return path.posix.join(bootstrap, 'bin', 'python')
}
