import {JhubError} from '../../../errors.js'
import {homeOver, homeProgramWords, longestVisitMs} from '../../home-program.js'
import type {HomesKeeper} from '../../homes-keeper.js'
import type {Machine} from '../machines/machine.js'

export interface VmHomesOptions {
  readonly machine: Machine
  readonly python: () => Promise<string>
  /** Standard input of `jhub_home.py`, up to the request. */
  readonly program: () => Promise<string>
}

/** Homes on a machine: where each person has a number of their own, the program there becomes that person first. */
export function vmHomes({machine, python, program}: VmHomesOptions): HomesKeeper {
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
      return work(
        homeOver(user, async (request) => {
          const stdin = `${texts}\n${JSON.stringify({...request, ...place})}\n`
          const {stdout} = await machine.run(argv, {stdin, signal, timeoutMs: longestVisitMs, cwd: '/'})
          return stdout
        }),
      )
    },
  }
}
