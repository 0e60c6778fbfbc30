import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../../src/errors.js'
import {ensureEnvironment} from '../../../../../src/engines/vm/steps/software/ensure-environment.js'
import {fakeMachine} from '../../../../fakes/fake-machine.js'

const done = {stdout: '', stderr: '', exitCode: 0}

/** A machine on which another hub has the environment, whole or half made; its links can be made or not. */
async function worldWith({whole, canLink}: {readonly whole: boolean; readonly canLink: boolean}) {
  const {machine} = fakeMachine(1)
  await machine.files.makeDirectory('/state/other/env/user-1')
  if (whole) await machine.files.write('/state/other/env/user-1/.jhub-whole', '')
  const runs: string[] = []
  const step = ensureEnvironment({
    machine: {
      ...machine,
      run(argv) {
        runs.push(argv.join(' '))
        const isLink = argv.includes('-') && argv[1] === '-I'
        return isLink && !canLink ? Promise.reject(new JhubError('JHUB-E201', 'another Python')) : Promise.resolve(done)
      },
    },
    name: 'user',
    title: 'Install',
    lock: () => Promise.resolve({text: 'jupyterlab==4.5.0\n', hash: '1'}),
    python: () => Promise.resolve('/usr/bin/python3'),
    uv: () => Promise.resolve('/usr/bin/uv'),
    linkProgram: () => Promise.resolve('program'),
  })
  await step.apply({signal: new AbortController().signal, report: () => undefined, note: () => undefined})
  return {runs, isWhole: (await step.check()) === undefined}
}

const linking = '/usr/bin/python3 -I - /state/other/env/user-1 /state/fake/env/user-1'

describe('the environment of a hub beside another', () => {
  it('is made of links to the same one there, without an install', async () => {
    expect(await worldWith({whole: true, canLink: true})).toEqual({runs: [linking], isWhole: true})
  })

  it('is installed where the other is of another Python', async () => {
    const {runs, isWhole} = await worldWith({whole: true, canLink: false})
    expect(runs[0]).toBe(linking)
    expect(runs[1]).toMatch('/usr/bin/uv venv')
    expect(isWhole).toBe(true)
  })

  it('is installed where the other is half made', async () => {
    const {runs} = await worldWith({whole: false, canLink: true})
    expect(runs[0]).toMatch('/usr/bin/uv venv')
  })
})
