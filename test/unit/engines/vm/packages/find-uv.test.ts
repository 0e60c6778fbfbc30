import {describe, expect, it} from 'vitest'
import {findUv} from '../../../../../src/engines/vm/packages/find-uv.js'
import {JhubError} from '../../../../../src/errors.js'
import {fakeMachine} from '../../../../fakes/fake-machine.js'

describe('a uv that ends with', () => {
  const found = (exitCode: number) => {
    const {machine} = fakeMachine(0)
    const run = () =>
      Promise.reject(new JhubError('JHUB-E201', `it ended with exit code ${String(exitCode)}`, {details: {exitCode}}))
    return findUv({...machine, run}, '1')
  }

  it('an error is none', async () => {
    expect(await found(1)).toBeUndefined()
  })

  it('the memory is not installed anew', async () => {
    await expect(found(137)).rejects.toThrow('137')
  })
})
