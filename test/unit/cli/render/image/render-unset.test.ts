import {describe, expect, it} from 'vitest'
import {renderUnset, renderWithdrawn} from '../../../../../src/cli/render/image/render-unset.js'

describe('what is said when a rule of images is gone', () => {
  it.each([
    [renderWithdrawn({kind: 'default'}, 'course'), 'Stopped offering the image course to everybody.'],
    [renderWithdrawn({kind: 'group', name: 'ta'}, 'course'), 'Stopped offering the image course to the group ta.'],
    [renderWithdrawn({kind: 'user', name: 'ana'}), 'Stopped offering images to ana.'],
    [
      renderUnset({kind: 'user', name: 'ana'}),
      'Removed the image rule for ana. The next wider rule applies when their server next starts.',
    ],
    [
      renderUnset({kind: 'default'}),
      'Removed the image rule for everybody. Without a rule, a server has the software that jhub itself installs.',
    ],
  ])('%s', (said, words) => {
    expect(said).toBe(words)
  })
})
