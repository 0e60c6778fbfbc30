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
    deleted: [],
    afterDown: 'It can come back.',
  }
  expect(renderDown(result, {dryRun: true})).toBe(
    '~ end 3 processes of the hub  [all servers end (files stay)]\n~ remove the state of the hub\nIt can come back.',
  )
})

it('what was deleted of people is said, and the settings file that stays', () => {
  const result: DownResult = {
    hub: 'physics',
    spec: '/home/ana/jhub.yaml',
    changes: [{step: 'Remove', summary: 'delete homes', disturbs: "people's files are deleted"}],
    kept: [],
    deleted: ['3 homes', "the hub's accounts and passwords"],
    afterDown: 'It can come back.',
  }
  expect(renderDown(result, {dryRun: false})).toBe(
    "physics was removed: nothing of it is running, and its port is free.\nDeleted: 3 homes, and the hub's accounts and passwords.\nKept:  the settings file /home/ana/jhub.yaml\nIt can come back.",
  )
})

it('where nothing was removed, nothing is said of what the next start needs', () => {
  const nothing = {changes: [], kept: [], deleted: [], afterDown: 'It needs the internet then.'}
  const result: DownResult = {hub: 'physics', spec: '/home/ana/jhub.yaml', ...nothing}
  expect(renderDown(result, {dryRun: false})).toBe(
    'There is no hub physics; nothing to remove.\nKept:  the settings file /home/ana/jhub.yaml',
  )
})
