import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../src/errors.js'
import {areStepsDone, planSteps, runSteps, type StepEvent} from '../../../src/steps/run-steps.js'
import {together, type Step} from '../../../src/steps/step.js'
import {waitUntil} from '../../../src/steps/wait-until.js'

/** What one waits for that does not answer before another step has made it run. */
const never = new Promise<undefined>(() => undefined)

/** A step that adds its name to the world. */
function adding(
  world: string[],
  name: string,
  options: {fails?: boolean; undoFails?: boolean; waits?: Promise<unknown>} = {},
): Step {
  let added = false
  return {
    title: `Add ${name}`,
    check: async () => (world.includes(name) ? undefined : {summary: `add ${name}`, disturbs: 'live'}),
    async apply({signal}) {
      await options.waits
      signal.throwIfAborted()
      world.push(name)
      added = true
      if (options.fails === true) throw new Error(`${name} failed`)
    },
    async undo() {
      if (options.undoFails === true) throw new Error(`${name} stays`)
      if (added) world.splice(world.indexOf(name), 1)
    },
  }
}

const signal = () => new AbortController().signal

describe('steps', () => {
  it('are applied in order, and only where something differs', async () => {
    const world = ['b']
    const events: string[] = []
    const onEvent = (event: StepEvent) => events.push(event.type)
    const changes = await runSteps(
      ['a', 'b', 'c'].map((name) => adding(world, name)),
      {signal: signal(), onEvent},
    )
    expect(world).toEqual(['b', 'a', 'c'])
    expect(changes.map(({summary}) => summary)).toEqual(['add a', 'add c'])
    expect(events).toEqual(['planned', 'started', 'changed', 'started', 'satisfied', 'started', 'changed'])
    expect(
      await runSteps(
        ['a', 'b', 'c'].map((name) => adding(world, name)),
        {signal: signal()},
      ),
    ).toEqual([])
  })

  it('are checked side by side where likely none has anything to do, and taken in order where one has', async () => {
    const world = ['a', 'b']
    const steps = ['a', 'b'].map((name) => adding(world, name))
    let waiting = 0
    const both = Promise.withResolvers<undefined>()
    const meeting = steps.map((step) => ({
      ...step,
      check: async () => {
        waiting += 1
        if (waiting === 2) both.resolve(undefined)
        await both.promise
        return step.check()
      },
    }))
    const events: string[] = []
    const onEvent = (event: StepEvent) => events.push(event.type)
    expect(await areStepsDone(meeting)).toBe(true)
    expect(await runSteps(meeting, {signal: signal(), onEvent, areDone: true})).toEqual([])
    expect(events).toEqual(['planned', 'started', 'satisfied', 'started', 'satisfied'])

    world.length = 0
    const broken = {...adding(world, 'c'), check: () => Promise.reject(new Error('no answer'))}
    const list = [adding(world, 'a'), together([adding(world, 'b'), broken])]
    expect(await areStepsDone(list)).toBe(false)
    await expect(runSteps(list, {signal: signal(), keepOnFailure: true})).rejects.toThrow('no answer')
    expect(world).toEqual(['a', 'b'])

    world.length = 0
    const silent = {...adding(world, 'b'), check: () => (world.includes('a') ? Promise.resolve(undefined) : never)}
    expect(await areStepsDone([adding(world, 'a'), silent])).toBe(false)
    await runSteps([adding(world, 'a'), silent], {signal: signal()})
    expect(world).toEqual(['a'])
    const stopped = runSteps(steps, {signal: AbortSignal.abort(new Error('Ctrl-C')), areDone: true})
    await expect(stopped).rejects.toMatchObject({code: 'JHUB-E130'})
  })

  it('are planned without being applied', async () => {
    const world: string[] = []
    const plan = await planSteps([adding(world, 'a'), together([adding(world, 'b'), adding(world, 'c')])])
    expect(plan.map(({step}) => step)).toEqual(['Add a', 'Add b', 'Add c'])
    expect(world).toEqual([])
  })

  it('are undone in reverse when one fails, sparing what was there before', async () => {
    const world = ['before']
    const undone: string[] = []
    const steps = [adding(world, 'before'), adding(world, 'a'), adding(world, 'b', {fails: true}), adding(world, 'c')]
    const onEvent = (event: StepEvent) => {
      if (event.type === 'undone') undone.push(event.step.title)
    }
    await expect(runSteps(steps, {signal: signal(), onEvent})).rejects.toThrow('b failed')
    expect(world).toEqual(['before'])
    expect(undone).toEqual(['Add b', 'Add a'])
  })

  it('stay as they are on failure when asked', async () => {
    const world: string[] = []
    const steps = [adding(world, 'a'), adding(world, 'b', {fails: true})]
    await expect(runSteps(steps, {signal: signal(), keepOnFailure: true})).rejects.toThrow('b failed')
    expect(world).toEqual(['a', 'b'])
  })

  it('tell a failing undo beside the first error, and undo the rest', async () => {
    const world: string[] = []
    const failedUndo: string[] = []
    const steps = [adding(world, 'a'), adding(world, 'b', {undoFails: true}), adding(world, 'c', {fails: true})]
    const onEvent = (event: StepEvent) => {
      if (event.type === 'undo-failed') failedUndo.push(event.step.title)
    }
    await expect(runSteps(steps, {signal: signal(), onEvent})).rejects.toThrow('c failed')
    expect(failedUndo).toEqual(['Add b'])
    expect(world).toEqual(['b'])
  })

  it('side by side: a failure stops the others, and all are undone', async () => {
    const world: string[] = []
    const never = new Promise((resolve) => setTimeout(resolve, 20))
    const steps = [
      adding(world, 'a'),
      together([adding(world, 'b', {fails: true}), adding(world, 'c', {waits: never})]),
    ]
    await expect(runSteps(steps, {signal: signal()})).rejects.toThrow('b failed')
    expect(world).toEqual([])
  })

  it('are undone on Ctrl-C, and say how to go on', async () => {
    const world: string[] = []
    const controller = new AbortController()
    const stopper: Step = {
      title: 'Stop',
      check: async () => ({summary: 'stop', disturbs: 'live'}),
      async apply() {
        controller.abort(new Error('Ctrl-C'))
        controller.signal.throwIfAborted()
      },
    }
    const failure = await runSteps([adding(world, 'a'), stopper], {signal: controller.signal}).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({code: 'JHUB-E130', exitCode: 130})
    expect(world).toEqual([])
  })
})

describe('waiting', () => {
  const clock = () => {
    let now = 0
    return {elapsed: () => now, sleep: async (ms: number) => void (now += ms)}
  }

  it('gives what became ready', async () => {
    let asked = 0
    const answer = await waitUntil(async () => (++asked === 3 ? {ready: asked} : {notYet: 'no'}), {
      what: 'it',
      deadlineMs: 1000,
      clock: clock(),
    })
    expect(answer).toBe(3)
  })

  it('gives up at its deadline with the last answer seen', async () => {
    const failure = await waitUntil(async () => ({notYet: 'HTTP 503'}), {
      what: 'the hub to answer',
      deadlineMs: 5000,
      clock: clock(),
      fix: 'jhub logs',
    }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(JhubError)
    expect(failure).toMatchObject({
      code: 'JHUB-E501',
      message: 'Gave up waiting for the hub to answer after 5 s: HTTP 503',
      suggestions: ['jhub logs'],
    })
  })
})
