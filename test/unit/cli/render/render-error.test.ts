import {expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {renderError, toJhubError} from '../../../../src/cli/render/render-error.js'

it.each(['ExitPromptError', 'AbortPromptError', 'CancelPromptError'])('%s is no bug', (name) => {
  const error = Object.assign(new Error('User force closed the prompt with SIGINT'), {name})
  const told = toJhubError(error, {interrupted: false, command: 'user:remove'})
  expect(told.exitCode).toBe(130)
  expect(renderError(told)).toBe(
    'Error: Interrupted\nTry:   jhub user remove   # continues where it stopped\nCode:  JHUB-E130   (jhub help errors)',
  )
})

it.each([
  new JhubError('JHUB-E130', 'Interrupted: Ctrl-C', {
    fix: 'Run the same command again: it continues where it stopped.',
  }),
  new Error('aborted'),
])('a command that does not go on says what to type instead', (error) => {
  const afterInterrupt = 'jhub rehearse --clean'
  const told = toJhubError(error, {interrupted: true, command: 'rehearse', afterInterrupt})
  expect([told.code, told.suggestions]).toEqual(['JHUB-E130', [afterInterrupt]])
})

it('what is too much for a command is named with it', () => {
  const error = Object.assign(new Error('Unexpected argument: ben\nSee more help with --help'), {oclif: {exit: 2}})
  const told = toJhubError(error, {interrupted: false, command: 'user:set'})
  expect(told.message).toBe('Too much for jhub user set: ben')
  expect(told.suggestions).toEqual(['jhub user set --help'])
})
