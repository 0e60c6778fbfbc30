import {afterEach, expect, it, vi} from 'vitest'
import {atTerminal, redefine} from '../../../commands/terminal.js'
import {showEvents} from '../../../../src/cli/screen/show-events.js'

afterEach(() => vi.restoreAllMocks())

it('draws nothing in a terminal where there is nothing to do', async () => {
  let written = ''
  const keep = (chunk: string | Uint8Array) => {
    written += String(chunk)
    return true
  }
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
  vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  const undo = redefine(process.stdout, 'isTTY', true)
  await atTerminal('', async () => {
    const display = showEvents('tasks', {isTerminal: true, write: keep})
    display.onEvent({type: 'planned', list: []})
    display.onEvent({type: 'note', text: 'Nothing to save.'})
    await display.close()
  })
  undo()
  expect(written).toBe('Nothing to save.\n')
})
