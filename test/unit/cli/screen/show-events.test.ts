import {stripVTControlCharacters} from 'node:util'
import {afterEach, expect, it, vi} from 'vitest'
import {atTerminal, redefine} from '../../../commands/terminal.js'
import type {Step} from '../../../../src/steps/step.js'
import {showEvents} from '../../../../src/cli/screen/show-events.js'

afterEach(() => vi.restoreAllMocks())

/** What is written while it is drawn. */
function watchScreen() {
  let written = ''
  const keep = (chunk: string | Uint8Array) => {
    written += String(chunk)
    return true
  }
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
  vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  return {keep, written: () => written}
}

it('draws nothing in a terminal where there is nothing to do', async () => {
  const {keep, written} = watchScreen()
  const undo = redefine(process.stdout, 'isTTY', true)
  await atTerminal('', async () => {
    const display = showEvents('tasks', {isTerminal: true, write: keep})
    display.onEvent({type: 'planned', list: []})
    display.onEvent({type: 'note', text: 'Nothing to save.'})
    await display.close()
  })
  undo()
  expect(written()).toBe('Nothing to save.\n')
})

it('keeps "(no change)" on one line of a narrow terminal, and tells no time that is none', async () => {
  const {keep, written} = watchScreen()
  const undo = [redefine(process.stdout, 'isTTY', true), redefine(process.stdout, 'columns', 60)]
  const step: Step = {
    title: 'A step whose title ends near to the last column',
    check: () => Promise.resolve(undefined),
    apply: () => Promise.resolve(),
  }
  await atTerminal('', async () => {
    const display = showEvents('tasks', {isTerminal: true, write: keep})
    display.onEvent({type: 'planned', list: [step]})
    display.onEvent({type: 'satisfied', step})
    await display.close()
  })
  for (const each of undo) each()
  const drawn = stripVTControlCharacters(written())
  expect(drawn).toMatch(/column\s+\(no.change\)\s*\n/)
  expect(drawn).not.toMatch(/\(no\n/)
  expect(drawn).not.toContain('0.0s')
})
