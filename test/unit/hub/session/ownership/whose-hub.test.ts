import {describe, expect, it} from 'vitest'
import {parseOwner, renderOwner, type HubOwner} from '../../../../../src/hub-spec/hub-owner.js'
import {whoseHub, type OwnerFacts} from '../../../../../src/hub/session/ownership/whose-hub.js'

const file = '/home/ana/class/jhub.yaml'
const other = '/home/ana/old/jhub.yaml'
const [text, edited] = ['users: [ana]\n', 'users: [ben]\n']
const owner: HubOwner = {id: 'one', file, computer: 'laptop'}
const nothing = {isThere: false}
const kept = (of: HubOwner | undefined, applied = text) => ({
  isThere: true,
  ...(of === undefined ? {} : {owner: of}),
  applied,
})
const facts = (change: Partial<OwnerFacts>): OwnerFacts => ({
  file,
  source: text,
  computer: 'laptop',
  isUsualFile: false,
  here: nothing,
  there: nothing,
  isOwnerFileThere: true,
  ...change,
})

describe('a hub belongs to the file that made it', () => {
  const moved = {...owner, file: other}
  const taken = {...owner, id: 'two', file: other}
  const elsewhere = {...owner, id: 'two', computer: 'desktop'}
  const cases: readonly (readonly [string, Partial<OwnerFacts>, string])[] = [
    ['no hub of that name', {}, 'nobody'],
    ['its own file', {here: kept(owner)}, 'ours'],
    ['its own file, edited since', {here: kept(owner), there: kept(owner), source: edited}, 'ours'],
    ['its own file, while the hub cannot be asked', {here: kept(owner), source: edited}, 'ours'],
    ['its own file, on a computer that has another name now', {here: kept(owner), computer: 'laptop-2'}, 'ours'],
    ['a home that was copied to a new computer', {here: kept(owner), there: kept(owner), computer: 'new'}, 'ours'],
    ['another file of that name', {here: kept(moved), source: edited}, 'another'],
    ['a copy of its file beside it', {here: kept(moved)}, 'another'],
    ['its file, moved', {here: kept(moved), isOwnerFileThere: false}, 'ours unrecorded'],
    [
      'its file, moved, with the copy with the hub',
      {here: kept(moved), there: kept(moved), isOwnerFileThere: false},
      'ours unrecorded',
    ],
    ['its file, moved and edited', {here: kept(moved), isOwnerFileThere: false, source: edited}, 'another'],
    ['a hub that another file took over', {here: kept(owner), there: kept(taken), source: edited}, 'another'],
    ['a hub that another file took over, which says the same', {here: kept(owner), there: kept(taken)}, 'another'],
    [
      'a state that was restored from before, its file as applied',
      {here: kept(owner), there: kept({...owner, id: 'two'})},
      'ours unrecorded',
    ],
    [
      'a state that was restored from before, another text',
      {here: kept(owner), there: kept({...owner, id: 'two'}), source: edited},
      'another',
    ],
    ['a state that was lost, its file as applied', {there: kept(owner)}, 'ours unrecorded'],
    ['a state that was lost, another text', {there: kept(owner), source: edited}, 'another'],
    ['the hub of another computer, under the same path', {there: kept(elsewhere), source: edited}, 'another'],
    ['the hub of another computer, with a copy of its file', {there: kept(elsewhere)}, 'another'],
    ['the hub of another computer, at its usual place', {there: kept(elsewhere), isUsualFile: true}, 'another'],
    ['from before, its usual file', {here: kept(undefined), isUsualFile: true, source: edited}, 'ours unrecorded'],
    ['from before, a file that says what was applied', {here: kept(undefined)}, 'ours unrecorded'],
    ['from before, any other file', {here: kept(undefined), source: edited}, 'another'],
    ['from before, made half', {here: {isThere: true}, source: edited}, 'ours unrecorded'],
    ['from before, on another computer', {there: kept(undefined), isUsualFile: true, source: edited}, 'another'],
    ['from before, on another computer, as applied', {there: kept(undefined)}, 'ours unrecorded'],
  ]
  it.each(cases)('%s', (_, change, whose) => {
    expect(whoseHub(facts(change)).whose).toBe(whose)
  })

  it('and a file that says something else than was applied is never adopted where it could remove somebody', () => {
    for (const [, change] of cases) {
      const found = whoseHub(facts({...change, source: edited}))
      const isSure = found.whose === 'ours' || change.isUsualFile === true || change.here?.applied === undefined
      if (found.whose === 'ours unrecorded') expect(isSure).toBe(true)
    }
  })
})

describe('the record of an owner', () => {
  it('is read back as it was written', () => {
    expect(parseOwner(renderOwner(owner))).toEqual(owner)
  })
  it.each([undefined, '', '{', '[]', '{"id": 5, "file": "a", "computer": "b"}'])(
    'is none where it is %s',
    (damaged) => {
      expect(parseOwner(damaged)).toBeUndefined()
    },
  )
})
