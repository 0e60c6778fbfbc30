import {JhubError} from '../../../errors.js'
import type {HomesKeeper} from '../../homes/homes-keeper.js'
import {visitTime} from '../../homes/visit-time.js'
import {homeOver} from '../../homes/home-program.js'
import {programWords} from '../../python-program.js'
import type {Machine} from '../machines/machine.js'

export interface VmHomesOptions {
  readonly machine: Machine
  readonly python: () => Promise<string>
  /** Standard input of `jhub_home.py`, up to the request. */
  readonly program: () => Promise<string>
  /** How long a visit may take before anything comes or goes, in milliseconds. */
  readonly longestMs?: number
}

/** Homes on a machine: where each person has a number of their own, the program there becomes that person first. */
export function vmHomes({machine, python, program, longestMs}: VmHomesOptions): HomesKeeper {
  const {layout, base} = machine
  return {
    async visit({user, people, make, signal}, work) {
      if (base !== undefined && !(await base.isThere()))
        throw new JhubError('JHUB-E204', 'The machine is not running, so homes on it cannot be reached', {
          fix: 'jhub start',
        })
      const argv = [await python(), ...programWords]
      const texts = await program()
      const place = {homes: layout.homes, user, people, make}
      const time = visitTime(signal, longestMs)
      const ask = async (request: Readonly<Record<string, unknown>>) => {
        const line = JSON.stringify({...request, ...place})
        time.extend(line.length)
        try {
          time.signal.throwIfAborted()
          const options = {stdin: `${texts}\n${line}\n`, signal: time.signal, cwd: '/'}
          const {stdout} = await machine.run(argv, options)
          time.extend(stdout.length)
          return stdout
        } catch (error) {
          signal.throwIfAborted()
          throw time.isOver ? tookTooLong(user, error) : inWords(user, error)
        }
      }
      try {
        return await work(homeOver(user, ask))
      } finally {
        time.end()
      }
    },
  }
}

function tookTooLong(user: string, cause: unknown): JhubError {
  return new JhubError('JHUB-E229', `The home of ${user} did not answer in time`, {cause})
}

/** What ended the program, without the program's text: a person can end what runs with their number. */
function inWords(user: string, error: unknown): unknown {
  if (!(error instanceof JhubError)) return error
  if (error.code === 'JHUB-E501') return tookTooLong(user, error)
  if (error.code !== 'JHUB-E201') return error
  return new JhubError('JHUB-E229', `The program in the home of ${user} was ended`, {cause: error.cause})
}
