import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'
import type {HubDatabase} from '../../services/database/hub-database.js'

/** What the person chose for a database that is lost or damaged. What was there is set aside beside it. */
export function replaceDatabase(
  machine: Pick<Machine, 'supervisor'>,
  database: HubDatabase,
  choice: 'restore' | 'new',
): Step {
  return {
    title: choice === 'restore' ? "Put the hub's database back" : "Set the hub's database aside",
    check: () =>
      Promise.resolve({
        summary:
          choice === 'restore' ? "put back the newest copy of the hub's accounts" : 'start with an empty database',
        disturbs: 'hub restarts (servers keep running)',
      }),
    async apply({signal}) {
      await machine.supervisor.stop('hub', signal)
      await database.replace(choice === 'restore' ? 'newest copy' : 'nothing')
    },
  }
}
