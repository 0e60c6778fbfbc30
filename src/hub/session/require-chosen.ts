import {JhubError} from '../../errors.js'
import {listNames} from '../../jupyterhub/list-names.js'
import type {OpenHub} from './open-hub.js'

/** Throws `JHUB-E222` for images whose packages are not chosen yet, or for another recipe. `because`: why they have to be. */
export async function requireChosen({engine, spec}: Pick<OpenHub, 'engine' | 'spec'>, because: string): Promise<void> {
  const open = (await engine.images?.undecided(spec)) ?? []
  const [first] = open
  if (first === undefined) return
  throw new JhubError(
    'JHUB-E222',
    `The packages of ${listNames(open)} have not been chosen for the current recipe, and ${because}`,
    {fix: `jhub image build ${first}   # chooses them and writes them beside the settings file`},
  )
}
