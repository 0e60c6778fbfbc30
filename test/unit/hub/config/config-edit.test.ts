import {beforeEach, describe, expect, it} from 'vitest'
import {configEdit} from '../../../../src/hub/config/config-edit.js'
import {JhubError} from '../../../../src/errors.js'
import {fakeContext} from '../../../fakes/fake-context.js'
import {newFault} from '../../../fakes/fault.js'
import {memoryFiles, type MemoryFiles} from '../../../fakes/memory-files.js'
import type {EngineWorld} from '../../../fakes/engine-world.js'

const [file, draft] = ['/config/fake.yaml', '/config/.fake.draft.yaml']
const source = 'version: 1\nname: fake\nmode: vm\n'
const wrong = `${source}usres: {}\n`
const right = `${source}users: {ana: {}}\n`

let files: MemoryFiles
let told: string[]
const context = () => fakeContext({files} as unknown as EngineWorld, [])
/** A person who writes one text after the other, and says whether to go on after a wrong one. */
const writes = (texts: readonly string[], again: () => Promise<boolean> = async () => true) => {
  const left = [...texts]
  return {
    edit: async (opened: string) => {
      told.push((await files.read(opened)) ?? '')
      await files.write(opened, left.shift() ?? '')
    },
    again,
  }
}
const changesBoth = async (opened: string) => {
  await files.write(opened, right)
  await files.write(file, `${source}# by hand\n`)
}
const failure = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((caught: unknown) => caught)
  if (!(error instanceof JhubError)) throw new Error(`no error that a person can read: ${String(error)}`)
  return error
}

beforeEach(async () => {
  files = memoryFiles(newFault())
  told = []
  await files.write(file, source)
})

describe('editing the spec', () => {
  it('saves a right text, and leaves no draft', async () => {
    expect(await configEdit(context(), writes([right]))).toEqual({spec: file, changed: true})
    expect([await files.read(file), await files.read(draft)]).toEqual([right, undefined])
    expect(await configEdit(context(), writes([right]))).toEqual({spec: file, changed: false})
  })

  it('opens a wrong text again as it was typed', async () => {
    await configEdit(context(), writes([wrong, right]))
    expect(told).toEqual([source, wrong])
    expect(await files.read(file)).toBe(right)
  })

  it.each([
    ['a no', async () => false, 'JHUB-E101'],
    [
      'Ctrl-C',
      () => Promise.reject(Object.assign(new Error('User force closed'), {name: 'ExitPromptError'})),
      'JHUB-E130',
    ],
  ])('keeps a text that was not saved after %s, and goes on from it', async (_, again, code) => {
    const error = await failure(configEdit(context(), writes([wrong], again)))
    expect(error.code).toBe(code)
    expect(error.message).toContain(`Your text is in ${draft}`)
    // Told before the question.
    expect(error.message).not.toContain('problem')
    expect(error.cause).toBeUndefined()
    expect(error.suggestions).toEqual(['jhub config edit   # goes on with your text', `rm ${draft}   # discards it`])
    expect([await files.read(file), await files.read(draft)]).toEqual([source, wrong])
    await configEdit(context(), writes([right]))
    expect(told).toEqual([source, wrong])
  })

  it.each([
    ['while the editor is open', async () => configEdit(context(), {...writes([right]), edit: changesBoth})],
    [
      'since the draft was left',
      async () => {
        await failure(
          configEdit(
            context(),
            writes([wrong], async () => false),
          ),
        )
        await files.write(file, `${source}# by hand\n`)
        return configEdit(context(), writes([right]))
      },
    ],
  ])('does not undo what somebody changed %s', async (_, edit) => {
    const error = await failure(edit())
    expect(error.code).toBe('JHUB-E407')
    expect(error.suggestions[0]).toContain('diff /config/.fake.draft-base.yaml /config/fake.yaml')
    expect(await files.read(file)).toBe(`${source}# by hand\n`)
    expect(await files.read(draft)).toMatch(/users|usres/)
    await files.remove('/config/.fake.draft-base.yaml')
    await configEdit(context(), writes([right]))
    expect([await files.read(file), await files.read(draft)]).toEqual([right, undefined])
    expect((await files.list('/config'))?.toSorted()).toEqual(['fake.yaml'])
  })

  it('lets no other jhub work on the hub meanwhile', async () => {
    const held: string[] = []
    const locks = {
      hold: async <T>(lock: string, _: object, work: () => Promise<T>) => {
        held.push(lock)
        try {
          return await work()
        } finally {
          held.pop()
        }
      },
    }
    const one = context()
    let during = 0
    await configEdit(
      {...one, host: {...one.host, locks}},
      {
        ...writes([]),
        edit: async () => {
          during = held.length
        },
      },
    )
    expect([during, held.length]).toEqual([2, 0])
  })

  it('leaves nothing behind where the editor could not be started', async () => {
    const missing = {
      ...writes([]),
      edit: () => Promise.reject(new JhubError('JHUB-E201', 'There is no editor nvim here')),
    }
    expect((await failure(configEdit(context(), missing))).message).toBe('There is no editor nvim here')
    expect(await files.read(draft)).toBeUndefined()
  })
})
