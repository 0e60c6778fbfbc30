import {expect, it} from 'vitest'
import {orList} from '../../../../src/hub-spec/document/or-list.js'

it.each([
  [[], ''],
  [['vm'], 'vm'],
  [['vm', 'k8s'], 'vm or k8s'],
  [['kind', 'docker-desktop', 'context:NAME'], 'kind, docker-desktop or context:NAME'],
])('%j reads as a choice', (words, text) => {
  expect(orList(words)).toBe(text)
})
