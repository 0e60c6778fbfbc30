import {expect, it} from 'vitest'
import {renderCsvPlace} from '../../../../../src/cli/render/files/render-files.js'

it('the place of the table of what was handed in can be copied from the screen, with a space in its path too', () => {
  expect(renderCsvPlace('/home/ana/my course/a.csv')).toBe("Who handed in what, and when: '/home/ana/my course/a.csv'")
})
