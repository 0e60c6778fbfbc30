import {describe, expect, it} from 'vitest'
import type {Machine} from '../../../../../../src/engines/vm/machines/machine.js'
import {toContent} from '../../../../../../src/hub-spec/content-spec.js'
import {ensureContent} from '../../../../../../src/engines/vm/steps/software/ensure-content.js'

const place = '/opt/jhub/content'

/** A machine with a whole mirror, in which there are these branches. */
function machineWith(texts: Map<string, string>, branches: readonly string[]): Machine {
  return {
    layout: {content: place, root: '/opt/jhub'},
    facts: {networkEnvironment: {}},
    files: {
      read: (file: string) => Promise.resolve(texts.get(file)),
      write(file: string, text: string) {
        texts.set(file, text)
        return Promise.resolve()
      },
      stat: () => Promise.resolve({}),
      list: () => Promise.resolve(['mirror.git', ...[...texts.keys()].map((file) => file.slice(place.length + 1))]),
      makeDirectory: () => Promise.resolve(),
      remove: (file: string) => Promise.resolve(void texts.delete(file)),
      setMode: () => Promise.resolve(),
    },
    run: (words: readonly string[]) => {
      const isMissing = words.includes('show-ref') && !branches.some((name) => words.at(-1) === `refs/heads/${name}`)
      return Promise.resolve({exitCode: isMissing ? 1 : 0, stdout: '', stderr: ''})
    },
  } as unknown as Machine
}

describe('the repository of the course', () => {
  it('is looked at again when the spec names another branch', async () => {
    const machine = machineWith(new Map(), ['main', 'next'])
    const stepFor = (branch: string | undefined) =>
      ensureContent({
        machine,
        content: toContent({git: 'https://git.example/course', branch}),
        program: () => Promise.resolve('#'),
      })
    const context = {signal: new AbortController().signal} as Parameters<ReturnType<typeof stepFor>['apply']>[0]
    await stepFor('main').apply(context)
    for (const branch of [undefined, 'main', 'next']) expect(await stepFor(branch).check()).toBeUndefined()
    expect(await stepFor('gone').check()).toMatchObject({disturbs: 'live'})
    await expect(stepFor('gone').apply(context)).rejects.toMatchObject({code: 'JHUB-E239'})
  })

  it.each(['carried.gitbundle', 'packed.gitbundle', 'unfinished.git'])(
    'leaves no %s of a command that was killed',
    async (name) => {
      const texts = new Map<string, string>()
      const content = toContent({git: 'https://git.example/course'})
      const step = ensureContent({machine: machineWith(texts, ['main']), content, program: () => Promise.resolve('#')})
      const context = {signal: new AbortController().signal} as Parameters<typeof step.apply>[0]
      await step.apply(context)
      texts.set(`${place}/${name}`, 'half')
      expect(await step.check()).toMatchObject({summary: expect.stringContaining('interrupted') as string})
      await step.apply(context)
      expect([...texts.keys()].map((file) => file.slice(place.length + 1)).sort()).toEqual([
        'gitconfig',
        'jhub_content.py',
      ])
      expect(await step.check()).toBeUndefined()
    },
  )
})
