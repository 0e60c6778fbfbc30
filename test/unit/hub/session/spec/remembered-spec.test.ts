import {fileURLToPath} from 'node:url'
import {deserialize, serialize} from 'node:v8'
import {beforeEach, describe, expect, it} from 'vitest'
import {readRemembered} from '../../../../../src/hub/session/spec/remembered-spec.js'
import {readStored} from '../../../../../src/hub/session/spec/read-stored.js'
import type {HubSpec} from '../../../../../src/hub-spec/hub-spec.js'
import {fakeContext} from '../../../../fakes/fake-context.js'
import {memoryFiles, type MemoryFiles} from '../../../../fakes/memory-files.js'
import type {EngineWorld} from '../../../../fakes/engine-world.js'

const program = fileURLToPath(new URL('../../../../../src/hub/session/spec/remembered-spec.ts', import.meta.url))
const file = '/work/jhub.yaml'
const source = `version: 1
name: class
mode: vm
users: {ana: {admin: true, groups: [ta]}, '0042': {}}
groups: {ta: {limits: {memory: 2G}}}
images: {data: {requirements: data.txt}}
`

let files: MemoryFiles
let fails: boolean
beforeEach(async () => {
  fails = false
  files = memoryFiles({
    beforeChange: () => {
      if (fails) throw new Error('no space left')
    },
  })
  await files.write(program, 'the program')
})

const read = (text = source, from = file) => readRemembered(fakeContext({files} as unknown as EngineWorld), from, text)

const place = () => {
  const found = [...files.entries.keys()].filter((each) => each.startsWith('/cache/specs/'))
  expect(found).toHaveLength(1)
  return String(found[0])
}

/** Writes another name into the copy, by which it is known when it is read. */
async function mark(): Promise<void> {
  const copy = deserialize(Buffer.from((await files.read(place())) ?? '', 'base64')) as {of: string; spec: HubSpec}
  await files.write(place(), serialize({...copy, spec: {...copy.spec, name: 'marked'}}).toString('base64'), {
    mode: 0o600,
  })
}

describe('a spec that was read before', () => {
  it('is what its text says, each time', async () => {
    const expected = readStored(file, source).spec
    expect(await read()).toStrictEqual(expected)
    expect(await read()).toStrictEqual(expected)
  })

  it('is taken from the copy, which this account alone can read', async () => {
    await read()
    await mark()
    expect((await read()).name).toBe('marked')
    expect(await files.stat(place())).toMatchObject({mode: 0o600})
    expect(await files.stat('/cache/specs')).toMatchObject({mode: 0o700})
  })

  const others: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['that others could have written', () => files.setMode(place(), 0o622)],
    [
      "that is another account's",
      async () => {
        const entry = files.entries.get(place())
        if (entry !== undefined) files.entries.set(place(), {...entry, uid: 1234})
      },
    ],
    ['that is damaged', () => files.write(place(), 'AAAA', {mode: 0o600})],
    ['that is empty', () => files.write(place(), '', {mode: 0o600})],
    ['of another jhub', () => files.write(program, 'another program')],
  ]
  it.each(others)('is read again in place of a copy %s', async (_, change) => {
    await read()
    await mark()
    await change()
    expect((await read()).name).toBe('class')
  })

  it('is read again when its file has changed, and its mistakes are told each time', async () => {
    await read()
    await mark()
    expect((await read(`${source}limits: {default: {memory: 1G}}\n`)).limits.default.memoryBytes).toBe(1024 ** 3)
    const mistaken = `${source}nmae: x\n`
    await expect(read(mistaken)).rejects.toMatchObject({code: 'JHUB-E101'})
    await expect(read(mistaken)).rejects.toMatchObject({code: 'JHUB-E101'})
    expect((await read()).name).toBe('class')
  })

  it('is of its own file, though another one with a long name says the same', async () => {
    const [one, other] = ['one', 'other'].map((directory) => `/${directory}/${'x'.repeat(200)}/jhub.yaml`)
    for (const each of [one, other, one])
      expect(await read(source, each)).toStrictEqual(readStored(String(each), source).spec)
    expect([...files.entries.keys()].filter((each) => each.startsWith('/cache/specs/'))).toHaveLength(1)
    expect(readStored(String(one), source).spec).not.toStrictEqual(readStored(String(other), source).spec)
  })

  it('is read where no copy can be kept', async () => {
    fails = true
    expect((await read()).name).toBe('class')
  })
})
