import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {readPeopleFile} from '../../../../../src/cli/input/people/read-people-file.js'
import {assignLogins} from '../../../../../src/hub-spec/import/people/assign-logins.js'

/** Whom a new hub would have of a list, as `login | name | e-mail | groups`, and what a person is told. */
export async function importRows(content: string | Uint8Array) {
  const directory = await mkdtemp(join(tmpdir(), 'jhub-list-'))
  const notes: string[] = []
  try {
    await writeFile(join(directory, 'list'), content)
    const onEvent = (event: {readonly type: string; readonly text?: string}) => void notes.push(event.text ?? '')
    const file = await readPeopleFile({onEvent}, join(directory, 'list'), {})
    const assigned = assignLogins(file.rows, new Map(), 'list')
    return {
      people: assigned.people.map(({login, name = '', email = '', groups}) =>
        [login, name, email, groups.join(' ')].join(' | '),
      ),
      notes: [...notes, ...assigned.notes],
      columns: file.columns.map(({says, heading}) => `${says} from ${heading}`),
    }
  } finally {
    await rm(directory, {recursive: true})
  }
}
