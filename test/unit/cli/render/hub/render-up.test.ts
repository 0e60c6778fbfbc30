import {expect, it} from 'vitest'
import {renderUp} from '../../../../../src/cli/render/hub/render-up.js'
import type {UpResult} from '../../../../../src/hub/up.js'

const isUp = (admins: readonly string[], others: number): UpResult => ({
  hub: 'jhub',
  url: 'http://127.0.0.1:8000',
  addresses: {here: 'http://127.0.0.1:8000', others: [], isOpen: false},
  spec: '/home/ana/jhub.yaml',
  changes: [{step: 'a step', summary: 'a change', disturbs: 'live'}],
  passwords: {},
  admins,
  others,
  platformNotes: [],
})

it.each<[readonly string[], number, string | undefined]>([
  [['admin'], 0, 'jhub user add ana ben'],
  [['ana'], 0, 'jhub user add ben cleo'],
  [['admin'], 2, undefined],
])('a hub with the admins %j and %i others suggests %s', (admins, others, suggested) => {
  expect(/jhub user add .*/.exec(renderUp(isUp(admins, others), {dryRun: false}))?.[0]).toBe(suggested)
})
