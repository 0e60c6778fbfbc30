import {JhubError} from '../../errors.js'
import type {Asker} from './ask.js'

export interface Editing {
  readonly source: string
  /** What is wrong with a text: the person is told and may open it again. */
  readonly problemOf: (text: string) => string | undefined
  readonly signal: AbortSignal
}

/** Opens a text in `$VISUAL` or `$EDITOR` and gives what was made of it. Throws `JHUB-E104` without a terminal. */
export async function editText({isInteractive}: Asker, {source, problemOf, signal}: Editing): Promise<string> {
  if (!isInteractive)
    throw new JhubError('JHUB-E104', 'An editor needs a terminal', {fix: 'jhub config path   # and edit that file'})
  const {editor} = await import('@inquirer/prompts')
  return editor(
    {
      message: 'The spec',
      default: source,
      postfix: '.yaml',
      waitForUserInput: false,
      validate: (text) => problemOf(text) ?? true,
    },
    {signal, output: process.stderr},
  )
}
