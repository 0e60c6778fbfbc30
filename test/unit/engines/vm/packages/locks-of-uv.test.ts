import {describe, expect, it} from 'vitest'
import {uvEnvironment} from '../../../../../src/engines/vm/packages/find-uv.js'
import {ensureDirectories} from '../../../../../src/engines/vm/steps/ensure-directories.js'
import {ensureProgram} from '../../../../../src/engines/vm/steps/software/ensure-program.js'
import {ensurePython} from '../../../../../src/engines/vm/steps/software/ensure-python.js'
import {fakeMachine} from '../../../../fakes/fake-machine.js'

const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

describe('a lock that an installation waits for, on a machine of root', () => {
  const begin = () => {
    const fake = fakeMachine(0)
    return {...fake, machine: {...fake.machine, facts: {...fake.machine.facts, uid: 0}}}
  }

  it('cannot be opened by others while a Python is installed', async () => {
    const {machine, files} = begin()
    const lock = `${machine.layout.tools}/python/.lock`
    await files.write(lock, '', {mode: 0o666})
    const seen: unknown[] = []
    const run: typeof machine.run = async (argv, options) => {
      if (argv.includes('install')) seen.push((await files.stat(lock))?.mode, options?.env?.['TMPDIR'])
      return machine.run(argv, options)
    }
    const step = ensurePython({machine: {...machine, run}, version: '3.13', uv: async () => 'uv'})
    await step.apply(context)
    expect(seen).toEqual([0o600, machine.layout.packageCache])
  })

  it('cannot be reached by others while a program is installed', async () => {
    const {machine, files} = begin()
    const target = `${machine.layout.tools}/caddy-1`
    const seen: unknown[] = []
    const run: typeof machine.run = async () => {
      seen.push((await files.stat(target))?.mode)
      await files.write(`${target}/.lock`, '', {mode: 0o666})
      return {stdout: '', stderr: '', exitCode: 0}
    }
    const step = ensureProgram({
      machine: {...machine, run},
      name: 'Caddy',
      purpose: 'which fetches certificates',
      lock: async () => ({text: '', hash: '1'}),
      directory: async () => target,
      uv: async () => 'uv',
      python: async () => 'python3',
    })
    await step.apply(context)
    expect([...seen, (await files.stat(target))?.mode, await step.check()]).toEqual([0o700, 0o755, undefined])
  })

  it('cannot be reached by others while conda packages are installed, also in a directory that was open', async () => {
    const {machine, files} = begin()
    await files.makeDirectory(machine.layout.condaCache, {mode: 0o755})
    await ensureDirectories(machine).apply(context)
    expect((await files.stat(machine.layout.condaCache))?.mode).toBe(0o700)
  })

  it('is made in a directory of its own; what is not of root makes it where it always did', () => {
    const {machine} = begin()
    expect(uvEnvironment(machine)).toMatchObject({TMPDIR: machine.layout.packageCache})
    expect(uvEnvironment(fakeMachine(0).machine)).not.toHaveProperty('TMPDIR')
  })
})
