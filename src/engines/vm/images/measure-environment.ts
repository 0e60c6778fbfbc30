import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {DiskOfImage} from '../../engine.js'
import type {Machine} from '../machines/machine.js'

const timeoutMs = 60_000

/**
 * What an environment takes of the disk, by `du`, which counts a file of several names once: what it has in common with
 * other environments is named first, so that it is not counted again. `undefined` where it cannot be counted in time.
 */
export async function measureEnvironment(
  {files, layout, run}: Pick<Machine, 'files' | 'layout' | 'run'>,
  environment: string,
): Promise<DiskOfImage | undefined> {
  const others = ((await files.list(layout.environments)) ?? [])
    .map((name) => path.posix.join(layout.environments, name))
    .filter((each) => each !== environment)
  const measure = async (directories: readonly string[]) => {
    const said = await run(['du', '-skx', '--', ...directories], {timeoutMs, okExitCodes: [0, 1]})
    const counted = /^(\d+)\s/.exec(said.stdout.trim().split('\n').at(-1) ?? '')?.[1]
    return counted === undefined ? undefined : Number(counted) * 1024
  }
  try {
    const [bytes, ownBytes] = await Promise.all([measure([environment]), measure([...others, environment])])
    return bytes === undefined || ownBytes === undefined ? undefined : {bytes, ownBytes}
  } catch (error) {
    if (error instanceof JhubError) return undefined
    throw error
  }
}
