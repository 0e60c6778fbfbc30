import type {Files} from '../../../../host/files/files.js'
import type {Step} from '../../../../steps/step.js'
import type {SystemdMachine} from '../../services/systemd/systemd-machine.js'

/** The machine's accounts whose homes are these, by name. */
export async function peopleAccounts(
  files: Pick<Files, 'read'>,
  isTheirs: (home: string) => boolean,
): Promise<readonly string[]> {
  return ((await files.read('/etc/passwd')) ?? '').split('\n').flatMap((line) => {
    const [name, , , , , home] = line.split(':')
    return name !== undefined && home !== undefined && isTheirs(home) ? [name] : []
  })
}

/** Removes the unix accounts whose homes are this hub's. The homes stay, and the next hub finds their numbers by them. */
export function removeAccounts({files, run, homes}: SystemdMachine & {readonly homes: string}): Step {
  const accounts = () => peopleAccounts(files, (home) => home.startsWith(`${homes}/`))
  return {
    title: 'Remove the accounts of people',
    async check() {
      const found = await accounts()
      return found.length === 0
        ? undefined
        : {summary: `remove ${String(found.length)} unix accounts (homes stay)`, disturbs: 'live'}
    },
    async apply({signal}) {
      for (const name of await accounts()) await run(['userdel', name], {signal})
    },
  }
}
