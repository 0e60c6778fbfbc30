import {describe, expect, it} from 'vitest'
import {setPlace, type HubPlace} from '../../../../src/hub-spec/edit/edit-place.js'

const cases: readonly [string, string, HubPlace, string][] = [
  [
    'the same machine',
    'mode: vm\nvm: {machine: host} # ours\n',
    {machine: 'host'},
    'mode: vm\nvm: {machine: host} # ours\n',
  ],
  ['a machine left open', 'mode: vm\nvm: {machine: auto}\n', {machine: 'docker'}, 'mode: vm\nvm: {machine: auto}\n'],
  ['a machine that is not named', 'mode: vm\n', {machine: 'docker'}, 'mode: vm\n'],
  [
    'a host, seen from elsewhere',
    'mode: vm # one machine\nvm:\n  machine: host\n',
    {machine: 'ssh://admin@203.0.113.7'},
    'mode: vm # one machine\nvm:\n  machine: ssh://admin@203.0.113.7\n',
  ],
  ['kind, which is the default', 'mode: k8s\n', {cluster: 'kind'}, 'mode: k8s\n'],
  [
    'a context of another name',
    'mode: k8s\nk8s: {cluster: context:prod, expose: nodePort}\n',
    {cluster: 'context:campus'},
    'mode: k8s\nk8s: {cluster: context:campus, expose: nodePort}\n',
  ],
]

describe('where a hub stands, in its spec', () => {
  it.each(cases)('%s', (_what, source, place, expected) => {
    expect(setPlace(source, place)).toBe(expected)
  })
})
