import {expect, it} from 'vitest'
import {renderDown} from '../../../../../src/cli/render/hub/render-down.js'
import type {DownResult} from '../../../../../src/hub/down.js'

it('what would be removed says whom it disturbs, and never that the hub goes on', () => {
  const result: DownResult = {
    hub: 'physics',
    spec: '/home/ana/jhub.yaml',
    changes: [
      {step: 'Stop', summary: 'end 3 processes of the hub', disturbs: 'all servers end (files stay)'},
      {step: 'Remove', summary: 'remove the state of the hub', disturbs: 'live'},
    ],
    kept: [],
    afterDown: 'It can come back.',
  }
  expect(renderDown(result, {dryRun: true})).toBe(
    '~ end 3 processes of the hub  [all servers end (files stay)]\n~ remove the state of the hub\nIt can come back.',
  )
})
