import path from 'node:path'
import type {ResetPerson, ResetResult} from '../../../hub/files/reset.js'
import {shellWord} from '../../../hub-spec/shell-word.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import {renderSize} from './render-files.js'
import {renderTable} from '../text/render-table.js'

/** Whose home is empty now, and where what was in it is. */
export function renderReset({outcome, people}: ResetResult): string {
  const places = [...new Set(people.flatMap(({archive}) => (archive === null ? [] : [path.dirname(archive)])))]
  const emptied = people.filter(({state}) => state === 'emptied' || state === 'would empty')
  const count = `${String(emptied.length)} ${emptied.length === 1 ? 'home' : 'homes'}`
  const unfinished = people.flatMap(({state, login}) => (state === 'not finished' ? [login] : []))
  return [
    renderTable(
      ['login', 'files', 'size', 'state'],
      people.map((person) => [person.login, String(person.files), renderSize(person.sizeBytes), stateOf(person)]),
    ),
    outcome === 'dry run' ? `Would empty ${count}.` : `Emptied ${count}.`,
    ...(unfinished.length === 0
      ? []
      : [`Ended before these were done; run the same command again to continue with them: ${listNames(unfinished)}`]),
    ...places.map((place) => `What was in them: ${place}`),
    ...places
      .slice(0, 1)
      .flatMap((place) => ['Look into one:', `  tar --zstd -tf ${shellWord(`${place}/LOGIN.tar.zst`)}`]),
  ].join('\n')
}

function stateOf({state, problem}: ResetPerson): string {
  if (problem !== undefined) return problem
  return state === 'no home' ? 'never had a server' : state
}
