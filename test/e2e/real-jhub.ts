import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {deleteInterruptedRun, endInterruptedRun, hubDirectories} from './interrupted-run.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A command that has not ended by then hangs, however busy the computer is. */
export const commandDeadlineMs = 1_800_000

export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** The built product in directories of its own, run as a person would. */
export interface RealJhub {
  readonly directory: string
  /** Of the hub. */
  readonly name: string
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  /** Words after Node that start it. */
  readonly program: readonly string[]
  run(...words: string[]): Promise<Ran>
  runWithInput(input: string, ...words: string[]): Promise<Ran>
  /** Runs with `--json` and gives what was printed. Fails on any exit code but 0. */
  json<T>(...words: string[]): Promise<T>
  /** Takes the hub down with its data and removes the directories. */
  dispose(): Promise<void>
}

export interface RealJhubOptions {
  readonly port: number
  /** Default: jhub. */
  readonly name?: string
  /** Default: process. */
  readonly machine?: string
  /** What stands in the spec before the first command; else `up` makes one. */
  readonly spec?: string
  /** Run as this account, with nothing of root. */
  readonly uid?: number
  readonly environment?: Readonly<Record<string, string>>
  /** Of a hub that stands already, with `config`, `state` and `data` in it: it is not taken down in the end. */
  readonly standing?: string
}

export async function realJhub({
  port,
  name = 'jhub',
  machine = 'process',
  spec,
  uid,
  environment = {},
  standing,
}: RealJhubOptions): Promise<RealJhub> {
  if (standing === undefined) {
    await endInterruptedRun(name)
    if (machine === 'docker' || spec?.includes('mode: k8s') === true) await deleteInterruptedRun(name)
  }
  const directory = standing ?? (await mkdtemp(hubDirectories))
  await chmod(directory, uid === undefined ? 0o711 : 0o777)
  const places = {
    JHUB_CONFIG_DIR: path.join(directory, 'config'),
    JHUB_STATE_DIR: path.join(directory, 'state'),
    JHUB_DATA_DIR: path.join(directory, 'data'),
    JHUB_MACHINE: machine,
    JHUB_NAME: name,
    ...(uid === undefined ? {} : {HOME: directory, UV_CACHE_DIR: path.join(directory, 'uv-cache')}),
    ...environment,
  }
  if (spec !== undefined) {
    await mkdir(places.JHUB_CONFIG_DIR)
    await writeFile(path.join(places.JHUB_CONFIG_DIR, `${name}.yaml`), spec)
  }
  const prefix =
    uid === undefined ? [] : ['setpriv', `--reuid=${String(uid)}`, `--regid=${String(uid)}`, '--clear-groups', '--']
  const runWithInput = async (input: string, ...words: string[]): Promise<Ran> => {
    const [program = '', ...rest] = [...prefix, process.execPath, path.join(root, 'bin', 'run.js'), ...words]
    const {exitCode, stdout, stderr} = await execa(program, rest, {
      cwd: directory,
      env: places,
      input,
      reject: false,
      timeout: commandDeadlineMs,
    })
    return {exitCode: exitCode ?? -1, stdout, stderr}
  }
  const typed = typedBy(runWithInput)
  return {
    directory,
    name,
    port,
    environment: places,
    program: [path.join(root, 'bin', 'run.js')],
    ...typed,
    async dispose() {
      if (standing !== undefined) return
      const {hub} = JSON.parse((await typed.run('status', '--json')).stdout) as {hub?: string}
      if (hub !== undefined) await typed.run('down', '--delete-data', '--confirm', hub)
      await rm(directory, {recursive: true, force: true})
    },
  }
}

/** The ways to type a command, from the one that runs it. */
export function typedBy(runWithInput: RealJhub['runWithInput']): Pick<RealJhub, 'run' | 'runWithInput' | 'json'> {
  const run = (...words: string[]) => runWithInput('', ...words)
  return {
    run,
    runWithInput,
    async json<T>(...words: string[]) {
      const ran = await run(...words, '--json')
      if (ran.exitCode !== 0)
        throw new Error(`jhub ${words.join(' ')} ended with ${String(ran.exitCode)}:\n${ran.stdout}\n${ran.stderr}`)
      return JSON.parse(ran.stdout) as T
    },
  }
}
