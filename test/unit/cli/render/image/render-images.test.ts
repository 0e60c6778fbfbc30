import {describe, expect, it} from 'vitest'
import {renderImageChange} from '../../../../../src/cli/render/image/render-images.js'

describe('a change of images that the hub does not see', () => {
  it.each([
    ['applied', true, 'Saved in the settings file. The hub needs no change.'],
    ['applied', false, 'Nothing to change.'],
    ['planned', true, 'Only the settings file would change.'],
    ['planned', false, 'Nothing to change.'],
    ['saved', true, 'Saved. The hub is not running: `jhub up` applies it.'],
  ] as const)('%s, with another text of the file: %s', (outcome, isFileChanged, said) => {
    const result = {image: 'data', isGiven: true, outcome, isFileChanged, changes: [], outdated: []}
    expect(renderImageChange(result, {done: 'The image data is ready.'})).toBe(said)
  })
})
