import {describe, expect, it} from 'vitest'
import {choosePackages} from '../../../../src/engines/images/choose-packages.js'
import {memoryFiles} from '../../../fakes/memory-files.js'

const step = (of: 'packages' | 'digest' | 'directory') =>
  choosePackages({
    name: 'course',
    of,
    local: memoryFiles({beforeChange: () => undefined}),
    lockFile: '/images/course.k8s.lock',
    current: () => Promise.resolve(undefined),
    choose: () => Promise.reject(new Error('The registry quay.io does not answer')),
    canChoose: () => Promise.resolve(true),
  })

describe('what is still to be chosen of an image', () => {
  it.each([
    ['packages', 'Choose the packages of the image course', 'choose the packages of the image course'],
    ['directory', 'Read the directory of the image course', 'read the directory of the image course'],
    ['digest', 'Find the digest of the image course', 'find the digest of the image course'],
  ] as const)('is said with why it cannot be now: %s', async (of, title, summary) => {
    expect(step(of).title).toBe(title)
    expect(await step(of).check()).toEqual({
      summary: `${summary} (not possible now: The registry quay.io does not answer)`,
      disturbs: 'live',
    })
  })

  it.each([
    ['tabulate==0.10.0\n', 'image course: 1 package'],
    ['six==1.17.0\ntabulate==0.10.0\n', 'image course: 2 packages'],
  ])('is counted: %j', async (packages, summary) => {
    const first = choosePackages({
      name: 'course',
      local: memoryFiles({beforeChange: () => undefined}),
      lockFile: '/images/course.k8s.lock',
      current: () => Promise.resolve(undefined),
      choose: () => Promise.resolve({recipe: 'hash', packages}),
      canChoose: () => Promise.resolve(true),
    })
    expect(await first.check()).toEqual({summary, disturbs: 'live'})
  })
})
