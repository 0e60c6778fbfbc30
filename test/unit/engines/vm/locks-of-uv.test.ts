import {describe, expect, it} from 'vitest'
import {uvEnvironment} from '../../../../src/engines/vm/packages/find-uv.js'
import {ensurePython} from '../../../../src/engines/vm/steps/software/ensure-python.js'
import {fakeMachine} from '../../../fakes/fake-machine.js'

describe('a lock that uv waits for, on a machine of root', () => {
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
    await step.apply({signal: new AbortController().signal, report: () => undefined, note: () => undefined})
    expect(seen).toEqual([0o600, machine.layout.packageCache])
  })

  it('is made in a directory of its own; what is not of root makes it where it always did', () => {
    const {machine} = begin()
    expect(uvEnvironment(machine)).toMatchObject({TMPDIR: machine.layout.packageCache})
    expect(uvEnvironment(fakeMachine(0).machine)).not.toHaveProperty('TMPDIR')
  })
})
