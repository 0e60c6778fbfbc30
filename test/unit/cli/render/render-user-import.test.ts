import {describe, expect, it} from 'vitest'
import {renderImportPreview, renderUserImport} from '../../../../src/cli/render/user/render-user-import.js'
import type {PlannedPerson, UserImportResult} from '../../../../src/hub/user/user-import.js'

it('says of people who are on the hub that their name would change, and not that nothing would', () => {
  const ana = {login: 'ana', name: 'Ana López', groups: [], state: 'changed' as const}
  const result: UserImportResult = {
    outcome: 'planned',
    changes: [],
    people: [ana],
    removed: [],
    newGroups: [],
    notes: [],
    passwords: {},
    url: null,
    addresses: {here: null, others: [], isOpen: false},
  }
  const said = renderUserImport(result, {wereShown: true})
  expect(said).toBe('Would change name, e-mail or groups of 1 person.')
})

const person = (login: string, state: PlannedPerson['state']): PlannedPerson => ({login, groups: [], state})

describe('the preview of an import', () => {
  it('begins with those for whom something changes: somebody who came late is the last line of a file', () => {
    const old = Array.from({length: 30}, (_, index) => person(`p${String(index)}`, 'unchanged'))
    const plan = {people: [...old, person('dana', 'new')], removed: [], newGroups: [], notes: []}
    const file = {source: 'people.csv', columns: []} as unknown as Parameters<typeof renderImportPreview>[1]
    const said = renderImportPreview(plan, file, {isAsked: true}).split('\n')
    expect(said.slice(3).map((line) => line.split(' ')[0])).toEqual(['LOGIN', 'dana', 'p0', 'p1', 'p2', 'p3', 'and'])
  })
})
