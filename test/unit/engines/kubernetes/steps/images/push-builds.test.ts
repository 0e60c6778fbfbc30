import {describe, expect, it} from 'vitest'
import {pushBuilds, type PushPlace} from '../../../../../../src/engines/kubernetes/steps/images/push-builds.js'
import {JhubError} from '../../../../../../src/errors.js'
import {fakeRegistry, type FakeRegistry} from '../../../../../fakes/fake-registry.js'

const build = {reference: 'jhub-fake:data-1'}

/** What is said once an image was pushed to a registry to which only this computer's Docker has an account. */
async function notesOf(engine: FakeRegistry): Promise<readonly string[]> {
  const place: PushPlace = {
    engine,
    repository: 'registry.example/courses/fake',
    accounts: {
      read: async () => new Map(),
      loginFor: async () => undefined,
      give: async () => undefined,
      forget: async () => false,
    },
    pushed: {read: async () => new Map(), write: async () => undefined},
  }
  const notes: string[] = []
  await pushBuilds(place, async () => [build]).apply({
    signal: new AbortController().signal,
    report: () => undefined,
    note: (text) => notes.push(text),
  })
  return notes
}

function closedRegistry(): FakeRegistry {
  const engine = fakeRegistry(() => undefined)
  engine.only = 'ana:geheim'
  engine.ofDocker = {serveraddress: 'registry.example', username: 'ana', password: 'geheim'}
  return engine
}

describe('an image that was pushed', () => {
  it('is said to be for accounts alone where the registry refuses it to nobody', async () => {
    expect(await notesOf(closedRegistry())).toEqual([expect.stringContaining('only to accounts')])
  })

  it('is not said to be so where the registry did not answer', async () => {
    const engine = closedRegistry()
    engine.findInRegistry = () => Promise.reject(new JhubError('JHUB-E236', 'The registry does not answer'))
    const notes = await notesOf(engine)
    expect(notes).toEqual([expect.stringContaining('could not see whether nodes can download')])
    expect(notes[0]).toContain('The registry does not answer')
  })
})
