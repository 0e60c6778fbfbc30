import path from 'node:path'
import type {CollectResult} from '../../hub/files/collect.js'
import type {HubContext} from '../../hub/session/hub-context.js'
import {renderCsv} from '../csv.js'
import {momentName} from './moment-name.js'

const heads = ['login', 'name', 'state', 'file', 'size in bytes', 'changed', 'modified', 'copy']

/** Writes who handed in what and when, into a file of its own for each run: marks may have been added to an earlier one. */
export async function writeCollectedCsv(
  {host}: Pick<HubContext, 'host'>,
  {directory, people}: CollectResult,
): Promise<string> {
  const file = path.join(directory, `collected ${momentName(new Date(host.clock.now()))}.csv`)
  const rows = people.flatMap(({login, name, state, files, skipped, problem}) => [
    ...(files.length === 0
      ? [[login, name, problem ?? state, '', '', '', '', '']]
      : files.map((each) => [
          login,
          name,
          each.state === 'changed' ? 'changed while it was read' : 'handed in',
          each.path,
          String(each.sizeBytes),
          each.changed,
          each.modified,
          each.state === 'changed' ? '' : path.relative(directory, each.local),
        ])),
    ...skipped.map((each) => [login, name, `not read: ${each.why}`, each.path, '', '', '', '']),
  ])
  await host.files.write(file, renderCsv([heads, ...rows]), {mode: 0o600})
  return file
}
