import {expect, it} from 'vitest'
import {imageContents} from '../../../../src/engines/images/image-contents.js'
import {newFault} from '../../../fakes/fault.js'
import {memoryFiles} from '../../../fakes/memory-files.js'

it('tells people of the packages that an image has, and of no other', async () => {
  const image = {recipe: {by: 'packages', packages: ['Pandas>=2', 'scipy']}, lockFile: '/data.lock'} as const
  const lock = {recipe: '0'.repeat(12), python: '3.13', packages: 'pandas==2.3.1 --hash=sha256:00'}
  const told = await imageContents(memoryFiles(newFault()), new Map([['data', image]]), async () => lock)
  expect(told).toEqual(new Map([['data', ['Python 3.13', 'pandas 2.3.1']]]))
})
