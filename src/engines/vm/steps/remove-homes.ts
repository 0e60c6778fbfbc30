import path from 'node:path'
import {accountName} from '../../../hub-spec/user-name.js'
import type {Step} from '../../../steps/step.js'
import type {Machine} from '../machines/machine.js'

/** Deletes the homes of people who were told goodbye. Only ever run when the person asked for it. */
export function removeHomes(machine: Machine, userNames: readonly string[]): Step {
  const homes = userNames.map((name) => path.posix.join(machine.layout.homes, accountName(name)))
  const present = async () => {
    const found = await Promise.all(
      homes.map(async (home) => ((await machine.files.stat(home)) === undefined ? [] : [home])),
    )
    return found.flat()
  }
  return {
    title: 'Delete homes',
    async check() {
      const found = await present()
      return found.length === 0 ? undefined : {summary: `delete ${found.join(', ')}`, disturbs: 'live'}
    },
    async apply() {
      for (const home of await present()) await machine.files.remove(home)
    },
  }
}
