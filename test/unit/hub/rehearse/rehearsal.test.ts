import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {adviseRehearsal, type AdviceFacts} from '../../../../src/hub/rehearse/advice.js'
import {groupFailures} from '../../../../src/hub/rehearse/group-failures.js'
import {reckonRoom, type RoomFacts} from '../../../../src/hub/rehearse/room.js'

const gibibyte = 1024 ** 3
const facts: RoomFacts = {people: {done: 10, all: 10}, overMs: 60_000}
const memory = {bytes: 10 * gibibyte, from: 'beside hub and system'}
const peak = {memoryBytes: 5 * gibibyte, servers: 10}

describe('the room for people', () => {
  it('is the memory for servers over what one held at the peak', () => {
    expect(reckonRoom({...facts, memory, peak})).toEqual({
      people: 20,
      boundBy: 'memory',
      withoutWaiting: null,
      reckoning: ['memory: 5.0G at the peak / 10 servers = 512M each; 10.0G beside hub and system / 512M = 20 people'],
    })
  })

  it('is less where more is guaranteed than used, where the spec has fewer servers, and where people failed', () => {
    expect(reckonRoom({...facts, memory, peak, guaranteeBytes: gibibyte})).toMatchObject({
      people: 10,
      boundBy: 'guarantee',
    })
    expect(reckonRoom({...facts, memory, peak, mostServers: 12})).toMatchObject({people: 12, boundBy: 'servers'})
    expect(reckonRoom({...facts, people: {done: 3, all: 10}, memory, peak})).toMatchObject({
      people: 3,
      boundBy: 'failures',
    })
  })

  it('is what the scheduler has places for, which is said where people failed for want of one', () => {
    const places = {most: 3, said: '3, since 0.05 cores are reserved for each server'}
    expect(reckonRoom({...facts, people: {done: 3, all: 10}, memory, peak, places})).toMatchObject({
      people: 3,
      boundBy: 'places',
      reckoning: [expect.stringContaining('memory'), `places: ${places.said}`, expect.stringContaining('3 of 10')],
    })
  })

  it('says beside it how many the cores serve at once', () => {
    expect(reckonRoom({...facts, memory, peak, cores: 2, coreSeconds: 40})).toMatchObject({
      people: 20,
      withoutWaiting: 30,
    })
  })

  it('is not known where nothing was seen', () => {
    expect(reckonRoom(facts)).toEqual({people: null, boundBy: null, withoutWaiting: null, reckoning: []})
    expect(reckonRoom({...facts, memory, peak: {memoryBytes: 0, servers: 0}}).people).toBeNull()
  })

  it('is never more than memory gives, whatever else is known', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 1000}),
        fc.integer({min: 1, max: 1000}),
        fc.option(fc.integer({min: 1, max: 1000}), {nil: undefined}),
        (megabytes, servers, mostServers) => {
          const {people} = reckonRoom({
            ...facts,
            memory,
            peak: {memoryBytes: megabytes * servers * 1024 ** 2, servers},
            ...(mostServers === undefined ? {} : {mostServers}),
          })
          expect(people).not.toBeNull()
          expect((people ?? 0) * megabytes * 1024 ** 2).toBeLessThanOrEqual(memory.bytes)
          expect(people).toBeLessThanOrEqual(mostServers ?? Infinity)
        },
      ),
    )
  })
})

describe('advice', () => {
  const room = reckonRoom({...facts, memory, peak})
  const calm: AdviceFacts = {
    room,
    largestBytes: gibibyte / 2,
    limitBytes: gibibyte,
    memoryKills: 0,
    couldFork: false,
    isTotalLimit: false,
    people: 10,
  }
  const how = (more: Partial<AdviceFacts>) => adviseRehearsal({...calm, ...more}).map((advice) => advice.how)

  it.each<[string, Partial<AdviceFacts>, string]>([
    ['the limit of a server, when programs were ended', {memoryKills: 2}, 'jhub limits set --memory 2G'],
    [
      'the limit of all, when programs were ended at it',
      {memoryKills: 2, totalReached: gibibyte},
      'jhub limits set --total --memory 6G',
    ],
    ['the limit, when a server was near it', {largestBytes: 0.9 * gibibyte}, 'jhub limits set --memory 1.375G'],
    ['the limit of all, where it gives out', {isTotalLimit: true}, 'jhub limits set --total --memory SIZE'],
    ['forked servers', {couldFork: true}, 'vm: {prefork: true}'],
    [
      'starting servers before, where cores do not suffice',
      {room: {...room, withoutWaiting: 4}},
      'jhub server start --group GROUP',
    ],
    ['the number of servers', {room: {...room, boundBy: 'servers'}}, 'jhub limits set --total --servers NUMBER'],
    [
      'the places of the cluster',
      {room: {...room, boundBy: 'places'}, forPlaces: 'jhub limits set --cpu-guarantee 0.01'},
      'jhub limits set --cpu-guarantee 0.01',
    ],
    ['the guarantee', {room: {...room, boundBy: 'guarantee'}}, 'jhub limits set --memory-guarantee SIZE'],
  ])('names %s', (_, more, command) => {
    expect(how(more)).toContain(command)
  })

  it('is quiet about what is in order', () => {
    expect(how({})).toEqual(['jhub doctor   # what this one has'])
    expect(how({room: {...room, boundBy: 'failures'}})).toEqual([])
  })
})

describe('failures', () => {
  const failed = (name: string, cause: string) => ({
    name,
    arrivedMs: 0,
    done: {},
    took: {},
    failure: {stage: 'server' as const, cause},
  })

  it('of one cause are one, whoever met it', () => {
    const id = '0c9ab1c6-5f1e-4d4b-9d55-0a1c5b1f3e77'
    expect(
      groupFailures([
        failed('p1', 'no room'),
        failed('p2', 'the server of p2 ended'),
        failed('p3', 'the server of p3 ended'),
        failed('p4', `kernel ${id} is gone`),
        {name: 'p5', arrivedMs: 0, done: {}, took: {}},
      ]),
    ).toEqual([
      {stage: 'server', cause: 'the server of NAME ended', people: ['p2', 'p3']},
      {stage: 'server', cause: 'no room', people: ['p1']},
      {stage: 'server', cause: 'kernel ID is gone', people: ['p4']},
    ])
  })
})
