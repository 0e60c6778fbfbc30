import type {Step} from '../../../../steps/step.js'
import type {DatabaseOptions} from './require-database.js'

/** A copy of the hub's accounts, made whenever they changed: what is put back when the database is lost. */
export function keepAccounts({database, python}: Pick<DatabaseOptions, 'database' | 'python'>): Step {
  return {
    title: "Keep a copy of the hub's accounts",
    async check() {
      const program = await python()
      if (program === undefined) return undefined
      const {now, copy} = await database.accounts(program)
      if (now.state !== 'whole' || now.people === 0) return undefined
      const isKept = copy.state === 'whole' && copy.digest === now.digest
      return isKept ? undefined : {summary: "keep a copy of the hub's accounts", disturbs: 'live'}
    },
    async apply() {
      const program = await python()
      if (program !== undefined) await database.keep(program)
    },
  }
}
