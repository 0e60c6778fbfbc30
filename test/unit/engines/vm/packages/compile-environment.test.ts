import {describe, expect, it} from 'vitest'
import {compileEnvironment} from '../../../../../src/engines/vm/packages/compile-environment.js'
import {installTurns} from '../../../../../src/engines/vm/packages/install-turns.js'
import {ensureEnvironment} from '../../../../../src/engines/vm/steps/software/ensure-environment.js'
import type {CommandOptions} from '../../../../../src/host/processes/commands.js'
import {fakeMachine} from '../../../../fakes/fake-machine.js'

const done = {stdout: '', stderr: '', exitCode: 0}
const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

type Ran = (argv: readonly string[], options?: CommandOptions) => void

function machineThat(ran: Ran) {
  const {machine} = fakeMachine(1)
  const run: typeof machine.run = (argv, options) => {
    ran(argv, options)
    return Promise.resolve(done)
  }
  return {...machine, run}
}

describe('the bytecode of an environment', () => {
  const taken = async (own: string) => {
    const runs: (readonly string[])[] = []
    const machine = machineThat((argv) => runs.push(argv))
    for (const name of ['hub-1', 'hub-2', 'user-1', 'user-2', 'image-data-1', 'image-data-2', 'image-hub-1'])
      await machine.files.makeDirectory(`/state/fake/env/${name}`)
    await compileEnvironment(machine, `/state/fake/env/${own}`, {program: '', signal: context.signal})
    return runs.map((argv) => argv.slice(4).map((place) => place.replace('/state/fake/env/', '')))
  }

  it.each(['hub-2', 'user-2'])(
    "comes for jhub's own %s from its own only: packages of an image may bring any",
    async (own) => {
      const others = ['hub-1', 'hub-2', 'user-1', 'user-2'].filter((each) => each !== own)
      expect(await taken(own)).toEqual([others])
    },
  )

  it('comes for an image from all', async () => {
    expect(await taken('image-data-2')).toEqual([
      ['hub-1', 'hub-2', 'user-1', 'user-2', 'image-data-1', 'image-hub-1'].toSorted(),
    ])
  })

  it('is taken from one that is installed at the same time, once that is whole', async () => {
    const turns = installTurns()
    const wholeWhenCompiled: boolean[] = []
    const machine = machineThat((_argv, {stdin} = {}) => {
      if (stdin === 'jhub_bytecode.py')
        void machine.files.stat('/state/fake/env/hub-1/.jhub-whole').then((found) => {
          wholeWhenCompiled.push(found !== undefined)
        })
    })
    const steps = ['hub', 'user'].map((name) =>
      ensureEnvironment({
        machine,
        name,
        title: name,
        lock: () => Promise.resolve({text: 'jupyterhub==5.0.0\n', hash: '1'}),
        python: () => Promise.resolve('/usr/bin/python3'),
        uv: () => Promise.resolve('/usr/bin/uv'),
        turns,
        program: (file) => Promise.resolve(file),
      }),
    )
    await Promise.all(steps.map((step) => step.apply(context)))
    expect(wholeWhenCompiled).toEqual([false, true])
  })
})
