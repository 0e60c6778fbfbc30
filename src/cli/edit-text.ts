import {JhubError} from '../errors.js'
import type {Asker} from './ask.js'

/** Opens a text in `$VISUAL` or `$EDITOR` and gives what was made of it. Throws `JHUB-E104` without a terminal. */
export async function editText(source: string, {isInteractive}: Asker, signal: AbortSignal): Promise<string> {
  if (!isInteractive)
    throw new JhubError('JHUB-E104', 'An editor needs a terminal', {fix: 'jhub config path   # and edit that file'})
  const {editor} = await import('@inquirer/prompts')
  return editor(
    {message: 'The spec', default: source, postfix: '.yaml', waitForUserInput: false},
    {signal, output: process.stderr},
  )
}
