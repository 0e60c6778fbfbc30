import {describe, expect, it} from 'vitest'
import type {ImageShowResult} from '../../../../../src/hub/image/image-show.js'
import {renderImage, renderImageChange} from '../../../../../src/cli/render/image/render-images.js'
import {fitText} from '../../../../../src/cli/render/text/fit-text.js'

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

it('servers that should be restarted come with a command that a narrow terminal does not break', () => {
  const changes = [{step: 'Choose', summary: 'image data: 2 packages', disturbs: 'live' as const}]
  const result = {
    image: 'data',
    isGiven: true,
    outcome: 'applied' as const,
    changes,
    outdated: ['ana'],
    isFileChanged: true,
  }
  const said = fitText(renderImageChange(result, {done: 'Everybody has it.'}), 60)
  expect(said).toContain('  jhub server restart --outdated')
})

const nobody = {everybody: false, groups: [], users: []}
const elsewhere: ImageShowResult = {
  ...{image: 'data', recipe: 'pandas', description: null, use: {...nobody, choose: nobody}, running: []},
  ...{build: 'localhost/jhub/a:data-0', isHubRunning: true, packages: {pandas: '3.0'}, kernels: null, earlier: 0},
  ...{sizeBytes: null, ownBytes: null},
}

it('kernels of an image that is not here are not said to be none', () => {
  const shown = renderImage(elsewhere)
  expect(shown).toContain("Kernels:        not known: this computer's Docker does not have the image.")
  expect(shown).toContain('Size:           -')
})

it.each([
  [{sizeBytes: 3 * 1024 ** 3, ownBytes: null}, '3.0G'],
  [{sizeBytes: 600 * 1024 ** 2, ownBytes: 40 * 1024 ** 2}, '600M, of which 40M are for this image alone'],
])('says what an image takes of the disk: %o', (disk, words) => {
  expect(renderImage({...elsewhere, ...disk})).toContain(`Size:           ${words}\n`)
})
