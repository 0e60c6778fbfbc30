import {expect, it} from 'vitest'
import {renderUserImport} from '../../../../src/cli/render/user/render-user-import.js'
import type {UserImportResult} from '../../../../src/hub/user/user-import.js'

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
