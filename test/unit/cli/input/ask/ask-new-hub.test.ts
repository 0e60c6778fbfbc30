import {expect, it} from 'vitest'
import {askNewHub, validName} from '../../../../../src/cli/input/ask/ask-new-hub.js'

const {signal} = new AbortController()

it.each([
  ['nobody can be asked', {isInteractive: false}, {yes: false}],
  ['--yes answers', {isInteractive: true}, {yes: true}],
])('where %s, a first up goes by what was given alone', async (_, asker, {yes}) => {
  expect(await askNewHub(asker, {yes, isMachineGiven: false}, signal)).toEqual({})
  const given = {mode: 'k8s', admin: 'maria'} as const
  expect(await askNewHub(asker, {...given, yes, isMachineGiven: false}, signal)).toEqual(given)
})

it('what was given is not asked for again', async () => {
  const given = {mode: 'vm', admin: 'maria'} as const
  expect(await askNewHub({isInteractive: true}, {...given, yes: false, isMachineGiven: false}, signal)).toEqual(given)
})

it('a name that cannot be one is told at the question', () => {
  expect(validName('Maria.Perez@uni.example')).toBe(true)
  expect(validName('maria perez')).toMatch(/^"maria perez" cannot be a user's name: .+\. Names are like ana/)
  expect(validName(' ')).toContain('it is empty')
})
