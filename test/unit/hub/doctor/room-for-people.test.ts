import {describe, expect, it} from 'vitest'
import {roomForPeople} from '../../../../src/hub/doctor/room-for-people.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const gibibyte = 1024 ** 3
const look = (people: number, limits: string, memory: number | undefined, free = 500) =>
  roomForPeople(people, parseHubSpec(`version: 1\nname: a\nmode: vm\nlimits: ${limits}\n`), {
    ...(memory === undefined ? {} : {memory: {totalBytes: memory * gibibyte}}),
    disk: {freeBytes: free * gibibyte},
  }).map(({state, found, fix}) => [state, found, ...(fix === undefined ? [] : [fix])].join(': '))

describe('room for people', () => {
  it.each([
    [30, '{default: {memory: 1G}}', 64, 'ok: 62.0G beside hub and system, and all of them at their limit use 30.0G'],
    [
      30,
      '{default: {memory: 1G}}',
      16,
      'warning: 14.0G beside hub and system, 478M for each; the limit is 1.0G, so 14 people can fill theirs at once: jhub limits set --memory 448M   # if the notebooks need no more',
    ],
    [
      30,
      '{}',
      16,
      'warning: 14.0G beside hub and system, 478M for each; one person can use it all: jhub limits set --memory 448M',
    ],
    [
      30,
      '{default: {memory: 1G}, total: {memory: 8G}}',
      64,
      'warning: 8.0G for all servers, by the settings file, 273M for each; the limit is 1.0G, so 8 people can fill theirs at once: jhub limits set --memory 256M   # if the notebooks need no more',
    ],
    [
      100,
      '{default: {memory: 1G}}',
      16,
      'problem: 14.0G beside hub and system: room for 56 people, at 256M for a server with an empty notebook: Use a machine with more memory, or let people take turns',
    ],
    [
      30,
      '{default: {memory: 2G, memoryGuarantee: 1G}}',
      16,
      'problem: 14.0G beside hub and system: room for 14 people, at 1.0G for a server with an empty notebook: Use a machine with more memory, or let people take turns',
    ],
    [
      30,
      '{}',
      1,
      'problem: 0M beside hub and system: room for 0 people, at 256M for a server with an empty notebook: Use a machine with more memory, or let people take turns',
    ],
    [
      4,
      '{default: {memory: 1G}, total: {memory: 500M}}',
      16,
      'problem: 500M for all servers, by the settings file: room for 1 person, at 256M for a server with an empty notebook: jhub limits set --total --memory 1024M',
    ],
    [
      80,
      '{total: {memory: 8G}}',
      16,
      'problem: 8.0G for all servers, by the settings file: room for 32 people, at 256M for a server with an empty notebook: Use a machine with more memory, or let people take turns',
    ],
    [30, '{}', undefined, 'warning: not known here; it is spread over the nodes of a cluster: jhub status'],
  ])('for %i people with %s on %s GiB', (people, limits, memory, expected) => {
    expect(look(people, limits, memory)[0]).toBe(expected)
  })

  it.each([
    [{most: 21, boundBy: 'cores', each: 0.05}, '21, since 0.05 cores are reserved for each server', '--cpu-guarantee'],
    [
      {most: 29, boundBy: 'memory', each: gibibyte},
      '29, since 1.0G are reserved for each server',
      '--memory-guarantee',
    ],
    [{most: 0, boundBy: 'pods', each: 1}, '0, since the nodes take no more pods', 'more nodes'],
  ] as const)('is not there where a scheduler has only %o', (places, found, fix) => {
    const seen = roomForPeople(30, parseHubSpec('version: 1\nname: a\nmode: k8s\n'), {places})
    expect(seen).toContainEqual({
      check: 'places for 30 people',
      state: 'problem',
      found,
      needed: '30',
      fix: expect.stringContaining(fix) as string,
    })
    expect(
      roomForPeople(30, parseHubSpec('version: 1\nname: a\nmode: k8s\n'), {places: {...places, most: 30}}),
    ).not.toContainEqual(expect.objectContaining({check: 'places for 30 people'}))
  })

  it('is not there where the settings file allows fewer servers, or homes are small', () => {
    expect(look(30, '{default: {memory: 1G}, total: {servers: 20}}', 64, 15)).toEqual([
      'problem: the settings file allows at most 20 at once: jhub limits set --total --servers 30',
      'ok: 62.0G beside hub and system, and all of them at their limit use 30.0G',
      'warning: 15.0G free, 512M for each',
    ])
  })
})
