import {adminGroup} from '../../servers/admin-group.js'
import {JhubError} from '../../../../errors.js'
import {findUnfinished, removeUnfinished} from '../../../../host/files/unfinished-file.js'
import type {Step} from '../../../../steps/step.js'
import type {SystemdMachine} from '../../services/systemd/systemd-machine.js'
import {unitMark} from '../../services/systemd/units.js'

/** A group of the machine whose members may use sudo; the spawner puts admins into it. Without the right there is neither. */
export function ensureAdminRights(
  {files, run, hubName}: Pick<SystemdMachine, 'files' | 'run' | 'hubName'>,
  isWanted: boolean,
): Step {
  const group = adminGroup(hubName)
  const file = `/etc/sudoers.d/jhub-${hubName}`
  const ruleFor = (name: string) => `${unitMark}\n%${name} ALL=(ALL) NOPASSWD: ALL\n`
  const text = ruleFor(group)
  const hasGroup = async (name: string) =>
    ((await files.read('/etc/group')) ?? '').split('\n').some((line) => line.startsWith(`${name}:`))
  const look = async () => ({rule: await files.read(file), hasGroup: await hasGroup(group)})
  let made = false
  const remove = async () => {
    const rule = await files.read(file)
    if (rule?.startsWith(unitMark) === true) await files.remove(file)
    await removeUnfinished(files, [file])
    if (await hasGroup(group)) await run(['groupdel', group])
    await removeOlder(rule)
  }
  /** An older jhub's group could be that of a person called `admins`: then it stays, and no longer may anything. */
  const removeOlder = async (rule: string | undefined) => {
    const older = `${hubName}-admins`
    if (rule === ruleFor(older) && (await hasGroup(older))) await run(['groupdel', older], {okExitCodes: [0, 8]})
  }
  return {
    title: isWanted ? 'Let admins use sudo' : 'Keep sudo from admins',
    async check() {
      const found = await look()
      if (isWanted)
        return found.rule === text && found.hasGroup
          ? undefined
          : {summary: `let admins use sudo on the machine (${file})`, disturbs: 'live'}
      const isLeft = (await findUnfinished(files, [file])).length > 0
      return found.rule?.startsWith(unitMark) === true || found.hasGroup || isLeft
        ? {summary: `take sudo from admins (${file})`, disturbs: 'live'}
        : undefined
    },
    async apply() {
      if (!isWanted) return remove()
      const found = await look()
      if (found.rule !== undefined && !found.rule.startsWith(unitMark))
        throw new JhubError('JHUB-E403', `${file} is not jhub's, so it was not changed`)
      if (found.rule !== text && found.hasGroup)
        throw new JhubError(
          'JHUB-E403',
          `The machine has a group ${group} that is not jhub's: its members would get sudo`,
          {
            fix: `groupdel ${group}   # when nobody needs it, or give the hub another name`,
          },
        )
      made = found.rule === undefined
      await files.write(file, text, {mode: 0o440})
      if (!found.hasGroup) await run(['groupadd', '--system', group])
      await removeOlder(found.rule)
    },
    async undo() {
      if (made) await remove()
    },
  }
}
