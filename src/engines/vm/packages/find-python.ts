import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {Machine} from '../machines/machine.js'

/** JupyterHub 6.1 itself asks for 3.9 or newer; our lock files are resolved from 3.10 on. */
export const oldestPython = '3.10'

export interface Python {
  readonly path: string
  readonly version: string
  /** Accounts other than the owner may run it: each person's server has an account of its own when we are root. */
  readonly isOpenToAll: boolean
}

const candidates = [
  'python3',
  '/usr/bin/python3',
  '/usr/local/bin/python3',
  '/opt/homebrew/bin/python3',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
]

const describe = `
import json, os, sys
def open_to_all(path):
    path = os.path.realpath(path)
    while os.stat(path).st_mode & 0o001:
        if path == "/":
            return True
        path = os.path.dirname(path)
    return False
path = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps({"path": path, "version": "%d.%d.%d" % sys.version_info[:3],
                  "isOpenToAll": open_to_all(path) and open_to_all(sys.base_prefix)}))
`

export interface PythonSearch {
  readonly python?: Python
  /** Every Python that was seen and why it does not do, for the person. */
  readonly refused: readonly string[]
}

/** The first Python of the machine that can run a hub, of this version (`3.12`) where one is named. */
export async function findPython(machine: Machine, version?: string): Promise<PythonSearch> {
  const refused: string[] = []
  const seen = new Set<string>()
  for (const candidate of [...candidates, ...(version === undefined ? [] : await versioned(machine, version))]) {
    const python = await askPython(machine, candidate)
    if (python === undefined || seen.has(python.path)) continue
    seen.add(python.path)
    if (version !== undefined && minorOf(python.version) !== version) continue
    const reason = whyNot(python, machine.facts.uid === 0)
    if (reason === undefined) return {python, refused}
    refused.push(`${python.path} ${reason}`)
  }
  return {refused}
}

/** Where uv puts a Python that it downloaded. */
export function pythonsOf({layout}: Pick<Machine, 'layout'>): string {
  return path.posix.join(layout.tools, 'python')
}

async function versioned(machine: Machine, version: string): Promise<readonly string[]> {
  const program = `python${version}`
  const downloaded = ((await machine.files.list(pythonsOf(machine))) ?? []).filter((name) =>
    name.startsWith(`cpython-${version}.`),
  )
  return [
    program,
    ...['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((place) => path.posix.join(place, program)),
    ...downloaded.map((name) => path.posix.join(pythonsOf(machine), name, 'bin', program)),
  ]
}

/** `3.12` of `3.12.4`. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

async function askPython(machine: Machine, program: string): Promise<Python | undefined> {
  try {
    const answer = await machine.run([program, '-I', '-c', describe], {timeoutMs: 20_000})
    return JSON.parse(answer.stdout) as Python
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E201') return undefined
    throw error
  }
}

function whyNot(python: Python, needsOpen: boolean): string | undefined {
  if (compareVersions(python.version, oldestPython) < 0) return `is ${python.version}`
  if (needsOpen && !python.isOpenToAll) return 'is in a directory that other accounts may not enter'
  return undefined
}

function compareVersions(one: string, other: string): number {
  const [a = [], b = []] = [one, other].map((version) => version.split('.').map(Number))
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0)
}
