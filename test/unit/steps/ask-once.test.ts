import {expect, it} from 'vitest'
import {askOnce, askOnceEach} from '../../../src/steps/ask-once.js'

it('gives all who ask at once the same answer, and never one that was read before the question', async () => {
  let world = 'old'
  let reads = 0
  const answers = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  const ask = askOnce(async () => {
    const seen = world
    await answers[reads++]?.promise
    return seen
  })
  const first = [ask(), ask()]
  await expect.poll(() => reads).toBe(1)
  world = 'new'
  const later = ask()
  for (const {resolve} of answers) resolve(undefined)
  expect(await Promise.all(first)).toEqual(['old', 'old'])
  expect(await later).toBe('new')
  expect(reads).toBe(2)
})

it('asks again after it failed', async () => {
  let tries = 0
  const ask = askOnce(async () => {
    tries += 1
    if (tries === 1) throw new Error('no answer')
    return tries
  })
  await expect(ask()).rejects.toThrow('no answer')
  expect(await ask()).toBe(2)
})

it('shares an answer with those alone who ask about the same', async () => {
  const asked: string[] = []
  const ask = askOnceEach(async (about) => {
    asked.push(about)
    return about.toUpperCase()
  })
  expect(await Promise.all([ask('hub'), ask('proxy'), ask('hub')])).toEqual(['HUB', 'PROXY', 'HUB'])
  expect(asked).toEqual(['hub', 'proxy'])
})
