import type {HubContext} from '../session/hub-context.js'
import {findRehearsal} from './rehearsal-record.js'

/** Says what a rehearsal left that was killed on this computer; `rehearse` itself, `plan` and `doctor` say it in their own place. */
export async function tellLeftOver(context: HubContext, hubName: string): Promise<void> {
  if (['jhub rehearse', 'jhub plan', 'jhub doctor'].includes(context.command)) return
  const left = await findRehearsal(context, hubName)
  if (left === undefined || left.isRunning) return
  context.onEvent({
    type: 'warning',
    text: 'Made-up people are left over from a rehearsal. Remove them: jhub rehearse --clean',
  })
}
