import {describe, expect, it} from 'vitest'
import {removePaths} from '../../../../src/engines/remove-paths.js'
import {
  findUnfinished,
  isUnfinished,
  removeUnfinished,
  unfinishedFile,
} from '../../../../src/host/files/unfinished-file.js'
import {removeState} from '../../../../src/hub/session/steps/remove-state.js'
import type {Step} from '../../../../src/steps/step.js'
import {newFault} from '../../../fakes/fault.js'
import {memoryFiles} from '../../../fakes/memory-files.js'

const doing = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

async function run(step: Step): Promise<boolean> {
  if ((await step.check()) === undefined) return false
  await step.apply(doing)
  return true
}

/** Files in memory, and the names of all that is left of them. */
async function withFiles(...places: readonly string[]) {
  const files = memoryFiles(newFault())
  for (const place of places) await files.write(place, 'text')
  const left = () => [...files.entries].flatMap(([place, {kind}]) => (kind === 'file' ? [place] : []))
  return {files, left}
}

describe('a file that a killed jhub had not written to the end', () => {
  it('is known by its name, and nothing else is', () => {
    expect(isUnfinished(unfinishedFile('/state/class/secrets.json').split('/').at(-1) ?? '')).toBe(true)
    for (const name of ['secrets.json', '.bashrc', '.a.b', '.class.yaml.swp', '00000000-0000-4000-8000-000000000000'])
      expect(isUnfinished(name), name).toBe(false)
  })

  it('is found beside its own file alone', async () => {
    const [ours, other] = [unfinishedFile('/config/class.yaml'), unfinishedFile('/config/lab.yaml')]
    const {files, left} = await withFiles('/config/class.yaml', ours, other)
    expect(await findUnfinished(files, ['/config/class.yaml'])).toEqual([ours])
    await removeUnfinished(files, ['/config/class.yaml'])
    expect(left()).toEqual(['/config/class.yaml', other])
  })

  it('goes with the directory that is removed, and is no reason to keep it', async () => {
    const {files, left} = await withFiles('/hub/secrets.json', unfinishedFile('/hub/secrets.json'))
    const step = removePaths(files, 'Remove the hub', ['/hub/secrets.json'], '/hub')
    expect(await run(step)).toBe(true)
    expect(left()).toEqual([])
    expect(await files.stat('/hub')).toBeUndefined()
    await files.write(unfinishedFile('/hub/secrets.json'), 'text')
    expect(await run(step)).toBe(true)
    expect(await files.stat('/hub')).toBeUndefined()
  })

  it("goes from a directory that is not ours alone, and nobody else's does", async () => {
    const others = ['/hub/mine.txt', unfinishedFile('/hub/mine.txt')]
    const {files, left} = await withFiles(...others, unfinishedFile('/hub/secrets.json'))
    const step = removePaths(files, 'Remove the hub', ['/hub/secrets.json'], '/hub')
    expect(await run(step)).toBe(true)
    expect(left()).toEqual(others)
    expect(await step.check()).toBeUndefined()
  })

  it.each([false, true])(
    'goes with the state of the hub, whatever else is there; with the data: %s',
    async (deleteData) => {
      const {files, left} = await withFiles(
        '/state/class/applied.yaml',
        '/state/class/rehearsal.json',
        '/state/class/mine.txt',
        unfinishedFile('/state/class/passwords.json'),
      )
      const step = removeState(files, {directory: '/state/class', beside: [], deleteData})
      expect(await run(step)).toBe(true)
      expect(left()).toEqual([...(deleteData ? [] : ['/state/class/rehearsal.json']), '/state/class/mine.txt'])
      expect(await step.check()).toBeUndefined()
    },
  )
})
