import type {TrialResult} from '../../../jupyterhub/requests/trial-requests.js'
import {oneLine, renderTable} from '../text/render-table.js'

/** What a test login showed: what was said, the name that makes, and whether it opens the hub. */
export function renderTrial({claims, name, counts, getsIn, admin, why}: TrialResult, provider: string): string {
  const rows = Object.entries(claims).map(([claim, value]) => [claim, textOf(value)])
  const used = Object.entries(counts).flatMap(([kind, values]) =>
    values.length === 0 ? [] : [`${kind} ${values.map(oneLine).join(', ')}`],
  )
  return [
    rows.length === 0 ? `${provider} reported nothing that jhub uses.` : `${provider} said:`,
    ...(rows.length === 0 ? [] : [renderTable(['claim', 'value'], rows)]),
    '',
    `Name here: ${oneLine(name ?? 'none')}`,
    `Rules go by: ${used.length === 0 ? 'nothing' : used.join('; ')}`,
    `Gets in: ${getsIn ? (admin ? 'yes, as admin' : 'yes') : 'no'}. ${oneLine(why)}`,
  ].join('\n')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
