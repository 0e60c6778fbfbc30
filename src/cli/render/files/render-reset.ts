import type {ResetPerson, ResetResult} from '../../../hub/files/reset.js'
import {renderSize} from './render-files.js'
import {renderTable} from '../text/render-table.js'

/** Whose home is empty now, and where what was in it is. */
export function renderReset({outcome, directory, people}: ResetResult): string {
  const emptied = people.filter(({state}) => state === 'emptied' || state === 'would empty')
  const count = `${String(emptied.length)} ${emptied.length === 1 ? 'home' : 'homes'}`
  return [
    renderTable(
      ['login', 'files', 'size', 'state'],
      people.map((person) => [person.login, String(person.files), renderSize(person.sizeBytes), stateOf(person)]),
    ),
    outcome === 'dry run' ? `Would empty ${count}.` : `Emptied ${count}.`,
    ...(people.some(({archive}) => archive !== null)
      ? [`What was in them: ${directory}`, 'Look into one:', `  tar --zstd -tf '${directory}/LOGIN.tar.zst'`]
      : []),
  ].join('\n')
}

function stateOf({state, problem}: ResetPerson): string {
  if (problem !== undefined) return problem
  return state === 'no home' ? 'never had a server' : state
}
