import {expect, it} from 'vitest'
import {usageMessage} from '../../../../src/cli/render/usage-message.js'

it('what is refused in a terminal, where names of flags are in colour, is told in the same words', () => {
  const message =
    'The following error occurred:\n  \u001b[31mMissing required flag \u001b[1mto\u001b[22m\u001b[39m\nSee more help with --help'
  expect(usageMessage({message}, 'jhub files collect')).toBe('--to is missing')
})
