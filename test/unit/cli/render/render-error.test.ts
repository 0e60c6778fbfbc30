import {expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {renderError, toJhubError} from '../../../../src/cli/render/render-error.js'

it.each(['ExitPromptError', 'AbortPromptError', 'CancelPromptError'])('%s is no bug', (name) => {
  const error = Object.assign(new Error('User force closed the prompt with SIGINT'), {name})
  const told = toJhubError(error, {interrupted: false, command: 'user:remove'})
  expect(told.exitCode).toBe(130)
  expect(renderError(told)).toBe(
    'Error: Interrupted at the question: nothing was changed\nTry:   Run the same command again\nCode:  JHUB-E130   (jhub help errors)',
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

it('what a program says of very long paths is cut, line by line', () => {
  const said = [1, 2, 3].map((n) => `rm: cannot remove '${'d/'.repeat(20_000)}${String(n)}': Device busy`).join('\n')
  const shown = renderError(new JhubError('JHUB-E201', '`rm -rf` ended with exit code 1', {cause: new Error(said)}))
  expect(shown).toContain("| rm: cannot remove 'd/d/")
  expect(shown.length).toBeLessThan(2_000)
})
