import {describe, expect, it} from 'vitest'
import {troubleOf, type PersonFacts} from '../../../../src/hub/top/people-trouble.js'

const nowMs = Date.parse('2026-11-26T10:00:00Z')
const minutesAgo = (minutes: number) => new Date(nowMs - minutes * 60_000).toISOString()
const user = {name: 'ana', admin: false, groups: []}
const running = {...user, server: {ready: true, url: '/user/ana/', lastActivity: minutesAgo(1)}}
const been = {lastLogin: minutesAgo(60)}
const well: PersonFacts = {user: running, seen: been, usage: undefined, home: undefined, nowMs}
const kinds = (facts: Partial<PersonFacts>) => troubleOf({...well, ...facts}).map(({kind}) => kind)

describe('what a person has trouble with', () => {
  it.each<[string, Partial<PersonFacts>, readonly string[]]>([
    ['nothing', {}, []],
    ['never came in', {seen: {}}, ['never logged in']],
    ['the hub does not say who came in', {seen: null}, []],
    ['a wrong password', {seen: {...been, failedLogins: 2}}, ['failed logins']],
    ['tries in vain and never came in', {seen: {failedLogins: 2}}, ['failed logins', 'never logged in']],
    ['a server that failed', {user, seen: {...been, failedStart: 'no room'}}, ['server failed']],
    ['a server that failed and runs now', {seen: {...been, failedStart: 'no room'}}, []],
    ['programs ended for want of memory', {usage: {memoryKills: 1}}, ['out of memory']],
    ['no program ended', {usage: {memoryKills: 0}}, []],
    ['a home that is nearly full', {home: {usedBytes: 91, capacityBytes: 100}}, ['disk nearly full']],
    ['a home with room', {home: {usedBytes: 89, capacityBytes: 100}}, []],
    ['a home on a shared disk', {home: {usedBytes: 91}}, []],
    ['idle', {user: {...running, server: {...running.server, lastActivity: minutesAgo(10)}}}, ['idle']],
    ['busy', {user: {...running, server: {...running.server, lastActivity: minutesAgo(9)}}}, []],
    ['no server', {user}, []],
  ])('is seen: %s', (_, facts, expected) => {
    expect(kinds(facts)).toEqual(expected)
  })
})
