import {createHash} from 'node:crypto'
import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import {accountName, oldAccountName} from '../../../../hub-spec/people/user-name.js'
import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'
import {peopleAccounts} from './remove-accounts.js'

/**
 * Deletes the homes of people who were removed, with what else was theirs alone: temporary files, the log and the socket of
 * their server, and the machine's account. Only ever run when the person asked for it. Throws `JHUB-E204` when the machine is not there.
 */
export function removeHomes(machine: Machine, userNames: readonly string[]): Step {
  const {files, layout} = machine
  const isThere = async (place: string) => (await files.stat(place)) !== undefined
  const requireMachine = async () => {
    if (machine.base !== undefined && !(await machine.base.isThere()))
      throw new JhubError('JHUB-E204', 'The machine is not running, so homes on it can be neither seen nor deleted', {
        fix: 'jhub start',
      })
  }
  const placesOf = async (name: string) => {
    const account = accountName(name)
    const homes = [path.posix.join(layout.homes, account), ...(await olderHome(machine, name))]
    const socket = `${layout.serverSockets}/${shortName(account)}`
    return {homes, others: [`${layout.temporary}/${account}`, `${layout.serverLogs}/${account}.log`, socket]}
  }
  const look = async () => {
    await requireMachine()
    const places = await Promise.all(userNames.map(placesOf))
    const homes = places.flatMap((each) => each.homes)
    const all = places.flatMap((each) => [...each.homes, ...each.others])
    const there = await Promise.all(all.map(async (place) => ((await isThere(place)) ? [place] : [])))
    return {places: there.flat(), accounts: await peopleAccounts(files, (home) => homes.includes(home))}
  }
  return {
    title: 'Delete homes',
    async check() {
      const {places, accounts} = await look()
      const parts = [
        ...(places.length === 0 ? [] : [`delete ${places.join(', ')}`]),
        ...(accounts.length === 0 ? [] : [`remove the unix accounts ${accounts.join(', ')}`]),
      ]
      return parts.length === 0
        ? undefined
        : {summary: parts.join('; '), disturbs: places.length === 0 ? 'live' : "people's files are deleted"}
    },
    async apply({signal}) {
      const {places, accounts} = await look()
      // The account goes first: a number without a home is found again by nobody.
      for (const account of accounts) await machine.run(['userdel', account], {signal})
      for (const place of places) {
        // It follows no link, also not one that takes a directory's place meanwhile, and goes down as deep as it has to.
        await machine.run(['rm', '-rf', '--', place], {signal, timeoutMs: 3_600_000})
        await files.remove(ownerRecord(place))
      }
    },
  }
}

/** The name of a server in paths of sockets, as `jhub_process_spawner.py` gives it. */
function shortName(account: string): string {
  return createHash('sha256').update(account).digest('hex').slice(0, 10)
}

/** A home that an older jhub made under a shorter name, unless it is known to be somebody else's. */
async function olderHome({files, layout}: Machine, name: string): Promise<readonly string[]> {
  const account = oldAccountName(name)
  if (account === accountName(name)) return []
  const home = path.posix.join(layout.homes, account)
  const owner = await files.read(ownerRecord(home))
  return owner === undefined || owner === name ? [home] : []
}

/** As `jhub_accounts.py` writes it. */
function ownerRecord(home: string): string {
  return path.posix.join(path.posix.dirname(home), `.${path.posix.basename(home)}.owner`)
}
