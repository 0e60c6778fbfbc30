import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {findPython} from '../../../../../src/engines/vm/packages/find-python.js'
import {findPip} from '../../../../../src/engines/vm/packages/find-uv.js'
import {installLocked} from '../../../../../src/engines/vm/packages/locks/install-locked.js'
import type {Machine} from '../../../../../src/engines/vm/machines/machine.js'
import {agentOver} from '../../../../../src/engines/vm/remote/agent.js'
import {networkRules} from '../../../../../src/engines/vm/servers/network-rules.js'
import type {SystemdMachine} from '../../../../../src/engines/vm/services/systemd/systemd-machine.js'
import type {CommandOptions} from '../../../../../src/host/processes/commands.js'
import {realCommands} from '../../../../../src/host/processes/real-commands.js'
import {fakeMachine, type FakeMachine} from '../../../../fakes/fake-machine.js'

/** What Python programs of jhub import, as somebody else puts it where an admin will stand. */
const modules = ['base64', 'ensurepip', 'json', 'pip', 'subprocess', 'venv']

let directory: string
let fake: FakeMachine
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-hostile-'))
  fake = fakeMachine(18_960)
  for (const name of modules) {
    await mkdir(path.join(directory, name))
    const mark = `open(${JSON.stringify(path.join(directory, `taken-${name}`))}, "w").close()\n`
    for (const file of ['__init__.py', '__main__.py']) await writeFile(path.join(directory, name, file), mark)
  }
})
afterEach(async () => {
  await fake.close()
  await rm(directory, {recursive: true})
})

const run = (argv: readonly string[], options: CommandOptions = {}) =>
  realCommands.run(argv, {cwd: directory, ...options})
const taken = async () => (await readdir(directory)).filter((name) => name.startsWith('taken-'))

describe('a directory of somebody else, in which an admin stands', () => {
  it.each([0, 1000])('gives no Python program of jhub its modules, for uid %i', async (uid) => {
    const {machine: known} = fake
    const machine: Machine = {...known, run, facts: {...known.facts, uid}}
    await findPython(machine)
    await findPip(machine, 'python3')
    const rules = networkRules({
      machine: {...machine, isThere: async () => true} as unknown as SystemdMachine,
      settings: {inContainer: false, networkProxies: []},
      program: async () => 'import json, subprocess; print(json.dumps(False))',
    })
    expect(await rules.isLoaded()).toBe(false)
    const agent = agentOver({
      where: 'the machine',
      program: async () => 'import json, subprocess',
      open: async (argv, listener) => {
        await run(argv, {stdin: 'cGFzcw==\n'})
        return {...listener, send: () => undefined, holdOpen: () => undefined, close: () => undefined}
      },
    })
    expect(await agent.isThere()).toBe(true)
    expect(await taken()).toEqual([])
  })

  it('gives uv no settings', async () => {
    const places: unknown[] = []
    const asked = async (_: readonly string[], options: CommandOptions = {}) => {
      places.push(options.cwd)
      return {stdout: '', stderr: '', exitCode: 0}
    }
    await installLocked({run: asked}, {uv: 'uv', words: [], options: {}})
    expect(places).toEqual(['/'])
  })
})
