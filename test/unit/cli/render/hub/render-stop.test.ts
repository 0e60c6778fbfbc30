import {expect, it} from 'vitest'
import {renderStop} from '../../../../../src/cli/render/hub/render-stop.js'

it('what would be stopped says whom it disturbs, and never that the hub goes on', () => {
  const changes = [
    {step: 'Stop', summary: 'end 3 processes of the hub', disturbs: 'all servers end (files stay)'},
    {step: 'Note', summary: 'note that the hub was stopped', disturbs: 'live'},
  ] as const
  expect(renderStop({hub: 'physics', isThere: true, changes}, {dryRun: true})).toBe(
    '~ end 3 processes of the hub  [all servers end (files stay)]\n~ note that the hub was stopped',
  )
  expect(renderStop({hub: 'physics', isThere: true, changes: []}, {dryRun: true})).toBe(
    'Nothing to do: physics is not running.',
  )
})
