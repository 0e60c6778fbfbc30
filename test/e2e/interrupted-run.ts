import {readdir, readFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'

/** Begins the name of each directory in which tests keep a hub's settings, state and data. */
export const hubDirectories = path.join(tmpdir(), 'jhub-e2e-')

const ended = new Map<string, Promise<void>>()
const deleted = new Map<string, Promise<void>>()

/**
 * Ends the processes that a run of the tests that was killed left of the hub of this name. The first call in a test file
 * does it: a file has the names of its hubs to itself.
 */
export function endInterruptedRun(hub: string): Promise<void> {
  return once(ended, hub, endProcesses)
}

/** Deletes the containers and volumes, nodes of kind among them, that such a run left; as `endInterruptedRun`. */
export function deleteInterruptedRun(hub: string): Promise<void> {
  return once(deleted, hub, deleteFromDocker)
}

function once(done: Map<string, Promise<void>>, hub: string, act: (hub: string) => Promise<void>): Promise<void> {
  const doing = done.get(hub) ?? act(hub)
  done.set(hub, doing)
  return doing
}

async function endProcesses(hub: string): Promise<void> {
  for (let left = await processesOf(hub); left.length > 0; left = await processesOf(hub)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function processesOf(hub: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, at) => ofHub(hub, lines[at]?.split('\0') ?? [])).map(Number)
}

function ofHub(hub: string, words: readonly string[]): boolean {
  return words.some((word) => word.includes(hubDirectories) && path.dirname(word).split(path.sep).includes(hub))
}

async function deleteFromDocker(hub: string): Promise<void> {
  const names = async (...words: string[]) => {
    const {exitCode, stdout} = await execa('docker', words, {reject: false})
    return exitCode === 0
      ? stdout.split('\n').filter((name) => name === `jhub-${hub}` || name.startsWith(`jhub-${hub}-`))
      : []
  }
  const containers = await names('ps', '--all', '--format', '{{.Names}}')
  if (containers.length > 0) await execa('docker', ['rm', '--force', '--volumes', ...containers])
  const volumes = await names('volume', 'ls', '--quiet')
  if (volumes.length > 0) await execa('docker', ['volume', 'rm', '--force', ...volumes])
}
