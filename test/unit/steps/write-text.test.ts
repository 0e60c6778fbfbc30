import {describe, expect, it} from 'vitest'
import {writeText} from '../../../src/steps/write-text.js'
import {memoryFiles} from '../../fakes/memory-files.js'

const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
const wanted = {title: 'Write it', summary: 'write it', file: '/hub/spec.yaml', text: 'new'}

describe('a step that writes a text', () => {
  it('has nothing to do when the text is there', async () => {
    const files = memoryFiles({beforeChange: () => undefined})
    await files.write(wanted.file, 'new')
    expect(await writeText({...wanted, files}).check()).toBeUndefined()
  })

  it('puts back the text of before, also when it ran twice', async () => {
    const files = memoryFiles({beforeChange: () => undefined})
    await files.write(wanted.file, 'old')
    const step = writeText({...wanted, files})
    expect(await step.check()).toEqual({summary: 'write it', disturbs: 'live'})
    await step.apply(context)
    await step.apply(context)
    expect(await files.read(wanted.file)).toBe('new')
    await step.undo?.()
    expect(await files.read(wanted.file)).toBe('old')
  })

  it('takes away a file that was not there, and its directory when it is empty', async () => {
    const files = memoryFiles({beforeChange: () => undefined})
    const step = writeText({...wanted, files, directory: '/hub'})
    await step.apply(context)
    await step.undo?.()
    expect(await files.stat('/hub')).toBeUndefined()
  })

  it('leaves alone what it did not write', async () => {
    const files = memoryFiles({beforeChange: () => undefined})
    await files.write(wanted.file, 'old')
    await writeText({...wanted, files}).undo?.()
    expect(await files.read(wanted.file)).toBe('old')
  })
})
