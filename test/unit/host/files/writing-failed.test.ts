import {expect, it} from 'vitest'
import {writingFailed} from '../../../../src/host/files/writing-failed.js'

it('a full disk is said with what to type next', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'})
  expect(writingFailed('/mnt/stick/ana.tar.zst', full)).toMatchObject({
    code: 'JHUB-E209',
    message: 'No space left on the disk for /mnt/stick/ana.tar.zst',
    suggestions: ['df -h /mnt/stick   # free up some space, then run the same command again'],
  })
})
