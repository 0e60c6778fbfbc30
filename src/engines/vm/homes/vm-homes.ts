import {JhubError} from '../../../errors.js'
import {homeOver, homeProgramWords, longestVisitMs} from '../../home-program.js'
import type {HomesKeeper} from '../../homes-keeper.js'
import type {Machine} from '../machines/machine.js'

export interface VmHomesOptions {
  readonly machine: Machine
  readonly python: () => Promise<string>
  /** Standard input of `jhub_home.py`, up to the request. */
  readonly program: () => Promise<string>
  /** How long a visit may take, in milliseconds. */
  readonly longestMs?: number
}

/** Homes on a machine: where each person has a number of their own, the program there becomes that person first. */
export function vmHomes({machine, python, program, longestMs = longestVisitMs}: VmHomesOptions): HomesKeeper {
  const {layout, base} = machine
  return {
    async visit({user, people, make, signal}, work) {
      if (base !== undefined && !(await base.isThere()))
        throw new JhubError('JHUB-E204', 'The machine is not running, so homes on it cannot be reached', {
          fix: 'jhub start',
        })
      const argv = [await python(), ...homeProgramWords]
      const texts = await program()
      const place = {homes: layout.homes, user, people, make}
      const deadline = AbortSignal.timeout(longestMs)
      const ending = AbortSignal.any([signal, deadline])
      return work(
        homeOver(user, async (request) => {
          const stdin = `${texts}\n${JSON.stringify({...request, ...place})}\n`
          try {
            ending.throwIfAborted()
            const {stdout} = await machine.run(argv, {stdin, signal: ending, timeoutMs: longestMs, cwd: '/'})
            return stdout
          } catch (error) {
            signal.throwIfAborted()
            throw deadline.aborted ? tookTooLong(user, error) : inWords(user, error)
          }
        }),
      )
    },
  }
}

function tookTooLong(user: string, cause: unknown): JhubError {
  return new JhubError('JHUB-E229', `The program in the home of ${user} was not done in five minutes`, {cause})
}

/** What ended the program, without the program's text: a person can end what runs with their number. */
function inWords(user: string, error: unknown): unknown {
  if (!(error instanceof JhubError)) return error
  if (error.code === 'JHUB-E501') return tookTooLong(user, error)
  if (error.code !== 'JHUB-E201') return error
  return new JhubError('JHUB-E229', `The program in the home of ${user} was ended`, {cause: error.cause})
}
