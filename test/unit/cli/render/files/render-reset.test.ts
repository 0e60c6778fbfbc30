import {expect, it} from 'vitest'
import {renderReset} from '../../../../../src/cli/render/files/render-reset.js'

it('says where each archive is, also of a reset that went on in another directory', () => {
  const emptied = {state: 'emptied', files: 1, sizeBytes: 3} as const
  const text = renderReset({
    outcome: 'reset',
    directory: '/now',
    people: [
      {login: 'ana', name: 'ana', ...emptied, archive: '/before/ana.tar.zst'},
      {login: 'ben', name: 'ben', ...emptied, archive: '/now/ben.tar.zst'},
    ],
  })
  expect(text).toContain('What was in them: /before\nWhat was in them: /now\nLook into one:\n  tar --zstd -tf /before/')
})
