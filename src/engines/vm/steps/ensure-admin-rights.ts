import {JhubError} from '../../../errors.js'
import type {Step} from '../../../steps/step.js'
import type {SystemdMachine} from '../services/systemd-supervisor.js'
import {unitMark} from '../services/units.js'

/** A group of the machine whose members may use sudo; the spawner puts admins into it. Without the right there is neither. */
export function ensureAdminRights({files, run, hubName}: SystemdMachine, isWanted: boolean): Step {
  const group = `${hubName}-admins`
  const file = `/etc/sudoers.d/jhub-${hubName}`
  const text = `${unitMark}\n%${group} ALL=(ALL) NOPASSWD: ALL\n`
  const hasGroup = async () =>
    ((await files.read('/etc/group')) ?? '').split('\n').some((line) => line.startsWith(`${group}:`))
  const look = async () => ({rule: await files.read(file), hasGroup: await hasGroup()})
  let made = false
  const remove = async () => {
    if ((await files.read(file))?.startsWith(unitMark) === true) await files.remove(file)
    if (await hasGroup()) await run(['groupdel', group])
  }
  return {
    title: isWanted ? 'Let admins use sudo' : 'Keep sudo from admins',
    async check() {
      const found = await look()
      if (isWanted)
        return found.rule === text && found.hasGroup
          ? undefined
          : {summary: `let admins use sudo on the machine (${file})`, disturbs: 'live'}
      return found.rule?.startsWith(unitMark) === true || found.hasGroup
        ? {summary: `take sudo from admins (${file})`, disturbs: 'live'}
        : undefined
    },
    async apply() {
      if (!isWanted) return remove()
      const found = await look()
      if (found.rule !== undefined && !found.rule.startsWith(unitMark))
        throw new JhubError('JHUB-E403', `${file} is not jhub's, so it is left as it is`)
      made = found.rule === undefined
      if (!found.hasGroup) await run(['groupadd', '--system', group])
      await files.write(file, text, {mode: 0o440})
    },
    async undo() {
      if (made) await remove()
    },
  }
}
