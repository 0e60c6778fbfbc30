import {describe, expect, it} from 'vitest'
import {installLocked} from '../../../../../../src/engines/vm/packages/locks/install-locked.js'
import {JhubError} from '../../../../../../src/errors.js'

const done = {stdout: '', stderr: '', exitCode: 0}

/** A uv whose cache has everything or not, on a network that answers or not. */
function uvWith({inCache, network}: {readonly inCache: boolean; readonly network: boolean}) {
  const runs: (readonly string[])[] = []
  const run = (argv: readonly string[]) => {
    runs.push(argv)
    const isOffline = argv.includes('--offline')
    if (isOffline ? inCache : network) return Promise.resolve(done)
    return Promise.reject(new JhubError('JHUB-E201', isOffline ? 'not in the cache' : 'no network'))
  }
  return {runs, run}
}

const install = {uv: 'uv', words: ['-r', '-'], options: {}}

describe('an install of locked packages', () => {
  it('asks nobody for what is in the cache', async () => {
    const {runs, run} = uvWith({inCache: true, network: false})
    await installLocked({run}, install)
    expect(runs).toEqual([['uv', 'pip', 'install', '--require-hashes', '--no-deps', '--offline', '-r', '-']])
  })

  it('asks the index for the rest', async () => {
    const {runs, run} = uvWith({inCache: false, network: true})
    await installLocked({run}, install)
    expect(runs.map((argv) => argv.includes('--offline'))).toEqual([true, false])
  })

  it('fails for the reason that the network gives', async () => {
    const {run} = uvWith({inCache: false, network: false})
    await expect(installLocked({run}, install)).rejects.toThrow('no network')
  })

  it('asks nobody any more once it is interrupted', async () => {
    const {runs, run} = uvWith({inCache: false, network: true})
    const options = {signal: AbortSignal.abort(new Error('Ctrl-C'))}
    await expect(installLocked({run}, {...install, options})).rejects.toThrow('Ctrl-C')
    expect(runs).toHaveLength(1)
  })
})
