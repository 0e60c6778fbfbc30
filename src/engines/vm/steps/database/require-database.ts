import {JhubError} from '../../../../errors.js'
import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'
import type {Accounts, HubDatabase} from '../../services/database/hub-database.js'

export interface DatabaseOptions {
  readonly machine: Pick<Machine, 'files' | 'layout'>
  readonly database: HubDatabase
  /** The hub's own Python; `undefined` while it is not installed. */
  readonly python: () => Promise<string | undefined>
}

/**
 * A hub that had people does not start with a database that has none: everybody would be made anew, with a new password.
 * Only a person can say whether the newest copy is put back.
 */
export function requireDatabase({machine, database, python}: DatabaseOptions): Step {
  const {files, layout} = machine
  const look = async () => {
    const program = await python()
    if (program === undefined || (await database.isUnsettled()) || (await database.isBegunAnew())) return undefined
    const {now, copy} = await database.accounts(program)
    const hadPeople = copy.state === 'whole' && copy.people > 0
    const wasApplied = (await files.stat(layout.applied)) !== undefined
    const trouble = troubleOf(now, hadPeople)
    return trouble !== undefined && (hadPeople || wasApplied) ? {trouble, copy} : undefined
  }
  const file = `${layout.database}/jupyterhub.sqlite`
  return {
    title: "Look at the hub's database",
    async check() {
      const found = await look()
      if (found === undefined) return undefined
      const summary = `the hub's database ${found.trouble} (${file}): \`up\` will ask what to do`
      return {summary, disturbs: 'hub restarts (servers keep running)'}
    },
    async apply() {
      const found = await look()
      if (found === undefined) return
      const {trouble, copy} = found
      const putBack =
        copy.state === 'whole' && copy.file !== undefined
          ? [`jhub up --database restore   # puts back ${copy.file}, with ${String(copy.people)} people`]
          : []
      throw new JhubError('JHUB-E203', `The hub's database ${trouble}: ${file}. Nobody was given a new password`, {
        fix: [...putBack, 'jhub up --database new   # starts with an empty one: everybody gets a new password'],
      })
    },
  }
}

function troubleOf(now: Accounts, hadPeople: boolean): string | undefined {
  switch (now.state) {
    case 'missing':
      return 'is missing'
    case 'empty':
      return 'is empty'
    case 'damaged':
      return `is damaged (${now.why})`
    case 'whole':
      return hadPeople && now.people === 0 ? 'has nobody in it' : undefined
  }
}
