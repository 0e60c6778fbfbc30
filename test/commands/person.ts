import {existsSync} from 'node:fs'
import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Command} from '@oclif/core'
import type {KeyPair} from '../../src/engines/vm/https/certificate.js'
import type {EndpointTrust} from '../../src/jupyterhub/hub-connection.js'
import {machineLayout} from '../../src/engines/vm/machines/layout.js'
import {realHost} from '../../src/host/real-host.js'
import {startFakeHub, type FakeHub} from '../fakes/fake-hub.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Said {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface SecuredEndpoint {
  readonly secured: KeyPair
  readonly trust: EndpointTrust
}

/** Somebody who types commands in a directory of their own. */
export interface Person {
  readonly directory: string
  /** Runs the command from its source, with what it prints captured. */
  type(line: string): Promise<Said>
  /** The same with `--json`, parsed. */
  json(line: string): Promise<unknown>
  readSpec(): Promise<string>
  writeSpec(text: string): Promise<void>
  /** From now on a hub runs, as far as jhub can see: its API is a fake that behaves. */
  startHub(endpoint?: SecuredEndpoint): Promise<FakeHub>
  leave(): Promise<void>
}

type CommandClass = typeof Command & {run(argv: string[], root: string): Promise<unknown>}

export async function newPerson(): Promise<Person> {
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-commands-'))
  // As root, people's own accounts must be able to pass through.
  await chmod(directory, 0o711)
  const {files, processes} = realHost()
  for (const name of ['config', 'state', 'data'])
    process.env[`JHUB_${name.toUpperCase()}_DIR`] = path.join(directory, name)
  const spec = path.join(directory, 'config', 'jhub.yaml')
  let hub: FakeHub | undefined

  const type = async (line: string): Promise<Said> => {
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''))
    const depth = existsSync(path.join(root, 'commands', ...words.slice(0, 2)) + '.ts') ? 2 : 1
    const file = path.join(root, 'commands', ...words.slice(0, depth)) + '.ts'
    const {default: command} = (await import(file)) as {default: CommandClass}
    return capture(() => command.run(words.slice(depth), root))
  }
  return {
    directory,
    type,
    json: async (line) => JSON.parse((await type(`${line} --json`)).stdout) as unknown,
    readSpec: async () => (await files.read(spec)) ?? '',
    writeSpec: (text) => files.write(spec, text),
    async startHub(endpoint) {
      const token = 'f'.repeat(64)
      const layout = machineLayout(path.join(directory, 'state', 'jhub'), path.join(directory, 'data', 'jhub'))
      hub = await startFakeHub({token, ...(endpoint === undefined ? {} : {secured: endpoint.secured})})
      const record = {pid: process.pid, startTime: await processes.startTime(process.pid), fingerprint: 'fake'}
      await files.write(layout.secrets, JSON.stringify({apiToken: token, proxyToken: token, cookieSecret: token}), {
        mode: 0o600,
      })
      for (const service of ['hub', 'proxy']) {
        await files.write(path.join(layout.run, `${service}.json`), JSON.stringify(record))
        await files.write(path.join(layout.run, `${service}.pid`), String(process.pid))
      }
      await files.write(path.join(layout.run, 'address'), hub.url)
      if (endpoint !== undefined) await files.write(path.join(layout.run, 'trust.json'), JSON.stringify(endpoint.trust))
      return hub
    },
    async leave() {
      await hub?.close()
      await rm(directory, {recursive: true, force: true})
    },
  }
}

async function capture(action: () => Promise<unknown>): Promise<Said> {
  const said = {stdout: '', stderr: ''}
  const originals = {
    stdout: process.stdout.write.bind(process.stdout),
    stderr: process.stderr.write.bind(process.stderr),
  }
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (text: string | Uint8Array) => {
      said[name] += typeof text === 'string' ? text : Buffer.from(text).toString()
      return true
    }
  }
  try {
    await action()
    const exitCode = Number(process.exitCode ?? 0)
    return {...said, exitCode}
  } catch (error) {
    return {...said, exitCode: exitOf(error)}
  } finally {
    process.exitCode = undefined
    process.stdout.write = originals.stdout
    process.stderr.write = originals.stderr
  }
}

function exitOf(error: unknown): number {
  if (typeof error === 'object' && error !== null && 'oclif' in error) return (error.oclif as {exit: number}).exit
  throw error
}
