import {expect, it} from 'vitest'
import {renderError, toJhubError} from '../../../src/cli/render/render-error.js'

it.each(['ExitPromptError', 'AbortPromptError', 'CancelPromptError'])('%s is no bug', (name) => {
  const error = Object.assign(new Error('User force closed the prompt with SIGINT'), {name})
  const told = toJhubError(error, {interrupted: false, command: 'user:remove'})
  expect(told.exitCode).toBe(130)
  expect(renderError(told)).toBe(
    'Error: Interrupted\nTry:   jhub user remove   # goes on from here\nCode:  JHUB-E130   (jhub help errors)',
  )
})
