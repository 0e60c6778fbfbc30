import {expect, it} from 'vitest'
import {renderCollect} from '../../../../../src/cli/render/files/render-files.js'

it('a list of what was handed in can be copied from the screen, with a space in its path too', () => {
  const said = renderCollect(
    {outcome: 'collected', directory: '/home/ana/my course', people: []},
    '/home/ana/my course/a.csv',
  )
  expect(said).toContain("Who handed in what, and when: '/home/ana/my course/a.csv'")
})
