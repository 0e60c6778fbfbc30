import {JhubError} from '../../../errors.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import {agreeOr, requireYes, type Asker} from './ask.js'

interface Answers {
  readonly keepServer: boolean
  readonly yes: boolean
  readonly signal: AbortSignal
}

/** Whether the server of somebody who gets a new password is stopped. Throws `JHUB-E104` where nobody can say. */
export function askToStop(who: Asker, {keepServer, ...answer}: Answers): (whose: string) => Promise<boolean> {
  return async (whose) => {
    if (keepServer) return false
    const fact = `The server of ${whose} is running, and pages of it that are open keep working until it stops`
    if (!answer.yes && !who.isInteractive)
      throw new JhubError('JHUB-E104', fact, {
        fix: ['Run the same command with --yes, which stops it', 'Run the same command with --keep-server'],
      })
    return agreeOr(who, {...answer, isLoss: true})(`${fact}. Stop it now? Unsaved work is lost.`)
  }
}

/** Goes on with new passwords for many after a yes, and says whether servers that run are stopped. Throws `JHUB-E104`, `JHUB-E130`. */
export function askForMany(
  who: Asker,
  answers: Answers,
): (members: readonly string[], running: readonly string[]) => Promise<{readonly stop: boolean}> {
  return async (members, running) => {
    const stop = running.length > 0 && !answers.keepServer
    const servers = stop ? ` The servers of ${listNames(running)} stop, and unsaved work is lost.` : ''
    const message = `This gives new passwords to ${listNames(members)}, also where they chose their own.${servers} Continue?`
    await requireYes(who, {message, yes: answers.yes, isLoss: stop, signal: answers.signal})
    return {stop}
  }
}

/** Whether people whose password jhub made elsewhere get a new one for their card, after a yes. Throws `JHUB-E104`, `JHUB-E130`. */
export function askToRenew(
  who: Asker,
  {isWanted, ...answer}: {readonly isWanted: boolean; readonly yes: boolean; readonly signal: AbortSignal},
): (logins: readonly string[]) => Promise<boolean> {
  return async (logins) => {
    if (!isWanted) return false
    const message = `This gives new passwords to ${listNames(logins)}; the old ones stop working, and they are logged out. Continue?`
    await requireYes(who, {message, ...answer})
    return true
  }
}
