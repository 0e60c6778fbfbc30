import {JhubError} from '../../../errors.js'
import type {AskProgram} from '../../python-program.js'
import {programWords} from '../../python-program.js'
import type {Machine} from '../machines/machine.js'

export interface AskMachine {
  readonly machine: Machine
  readonly python: () => Promise<string>
  /** Standard input of the program, up to the request. */
  readonly program: () => Promise<string>
}

/** Runs a program of `assets` on a machine for each request about `place`. Throws `JHUB-E204` while the machine is not there. */
export function askMachine({machine, python, program}: AskMachine, place: string): AskProgram {
  return async (request) => {
    if (machine.base !== undefined && !(await machine.base.isThere()))
      throw new JhubError('JHUB-E204', 'The machine is not running, so files on it cannot be reached', {
        fix: 'jhub start',
      })
    const stdin = `${await program()}\n${JSON.stringify({...request, place})}\n`
    const {stdout} = await machine.run([await python(), ...programWords], {stdin, cwd: '/'})
    return stdout
  }
}
