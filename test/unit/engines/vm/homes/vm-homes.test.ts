import {beforeEach, describe, expect, it} from 'vitest'
import {vmHomes} from '../../../../../src/engines/vm/homes/vm-homes.js'
import type {Machine} from '../../../../../src/engines/vm/machines/machine.js'
import {JhubError} from '../../../../../src/errors.js'
import {fakeMachine} from '../../../../fakes/fake-machine.js'

const wanted = {pattern: '*', mostFiles: 10}

describe('a visit to a home on a machine', () => {
  let interrupt: AbortController
  beforeEach(() => {
    interrupt = new AbortController()
  })
  const visit = (run: Machine['run'], longestMs: number, times = 1) =>
    vmHomes({
      machine: {...fakeMachine(8000).machine, run},
      python: async () => 'python3',
      program: async () => '{}',
      longestMs,
    }).visit({user: 'ana', people: ['ana'], make: false, signal: interrupt.signal}, async (home) => {
      for (let time = 0; time < times; time++) await home.list(wanted)
    })
  const stopped: Machine['run'] = (_argv, options) =>
    new Promise((_resolve, reject) => {
      const end = () => {
        reject(new Error('ended'))
      }
      if (options?.signal?.aborted === true) end()
      options?.signal?.addEventListener('abort', end)
    })

  it('ends at its deadline while the program is stopped', async () => {
    await expect(visit(stopped, 1)).rejects.toMatchObject({
      code: 'JHUB-E229',
      message: 'The home of ana did not answer in time',
    })
  })

  it('has one deadline for all that is asked', async () => {
    let asked = 0
    const slow: Machine['run'] = async (_argv, options) => {
      asked++
      // Each answer comes in its own time, the last one only when nobody waits for it.
      if (asked === 3) return stopped([], options)
      return {stdout: '{}', stderr: '', exitCode: 0}
    }
    await expect(visit(slow, 50, 100)).rejects.toMatchObject({code: 'JHUB-E229'})
  })

  it('tells Ctrl-C as what it is', async () => {
    const visiting = visit(stopped, 60_000)
    interrupt.abort(new Error('Ctrl-C'))
    await expect(visiting).rejects.toThrow('Ctrl-C')
  })

  it.each([
    ['JHUB-E201', 'The program in the home of ana was ended'],
    ['JHUB-E501', 'The home of ana did not answer in time'],
  ] as const)('says what a person did, not the text of the program (%s)', async (code, message) => {
    const ended: Machine['run'] = async () => {
      throw new JhubError(code, 'python3 -c import json; exec(...) ended badly')
    }
    await expect(visit(ended, 60_000)).rejects.toMatchObject({code: 'JHUB-E229', message})
  })
})
