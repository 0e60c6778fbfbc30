import {describe, expect, it} from 'vitest'
import {downloadTurns} from '../../../../../../src/engines/vm/packages/locks/download-turns.js'
import {installLocked} from '../../../../../../src/engines/vm/packages/locks/install-locked.js'
import {JhubError} from '../../../../../../src/errors.js'
import type {CommandOptions} from '../../../../../../src/host/processes/commands.js'

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

  it('downloads after the one before it has, and installs beside it', async () => {
    const said: string[] = []
    const turn = downloadTurns()
    const installing = Promise.withResolvers()
    const installOf = async (name: string, until: Promise<unknown>) => {
      const run = async (argv: readonly string[], {onLine}: CommandOptions = {}) => {
        if (argv.includes('--offline')) throw new JhubError('JHUB-E201', 'not in the cache')
        said.push(`${name} downloads`)
        await Promise.resolve()
        onLine?.('Prepared 59 packages in 3.2s')
        said.push(`${name} installs`)
        await until
        said.push(`${name} is done`)
        return done
      }
      await installLocked({run}, {...install, turn})
    }
    await Promise.all([
      installOf('hub', installing.promise),
      installOf('user', Promise.resolve()).then(() => {
        installing.resolve(undefined)
      }),
    ])
    expect(said).toEqual([
      'hub downloads',
      'hub installs',
      'user downloads',
      'user installs',
      'user is done',
      'hub is done',
    ])
  })

  it('waits for none that has failed', async () => {
    const turn = downloadTurns()
    const failing = installLocked(uvWith({inCache: false, network: false}), {...install, turn})
    const next = installLocked(uvWith({inCache: false, network: true}), {...install, turn})
    await expect(failing).rejects.toThrow('no network')
    await expect(next).resolves.toBeUndefined()
  })
})
