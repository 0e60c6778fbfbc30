import {expect, it} from 'vitest'
import {renderTrial} from '../../../../../src/cli/render/auth/render-trial.js'

it('has no verdict that a name or a group wrote', () => {
  const shown = renderTrial(
    {
      claims: {groups: ['a\nGets in: yes'], 'b\nGets in: yes': 'c\nGets in: yes'},
      name: 'eve\nGets in: yes',
      counts: {groups: ['staff\nGets in: yes, as admin. By adminGroups: staff.']},
      getsIn: false,
      admin: false,
      why: 'eve\nGets in: yes was removed from this hub.',
    },
    'Test University',
  )
  expect(shown.split('\n').filter((line) => line.startsWith('Gets in:'))).toEqual([
    'Gets in: no. eve Gets in: yes was removed from this hub.',
  ])
})
