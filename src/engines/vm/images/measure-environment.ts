import path from 'node:path'
import type {DiskOfImage} from '../../engine.js'
import {measureDirectory} from '../../homes/measure-directories.js'
import type {Machine} from '../machines/machine.js'

const timeoutMs = 60_000

/** What an environment takes of the disk, with and without what it has in common with others. `undefined` where it cannot be counted in time. */
export async function measureEnvironment(
  {files, layout, run}: Pick<Machine, 'files' | 'layout' | 'run'>,
  environment: string,
): Promise<DiskOfImage | undefined> {
  const beside = ((await files.list(layout.environments)) ?? [])
    .map((name) => path.posix.join(layout.environments, name))
    .filter((each) => each !== environment)
  const [bytes, ownBytes] = await Promise.all([
    measureDirectory(run, environment, {timeoutMs}),
    measureDirectory(run, environment, {beside, timeoutMs}),
  ])
  return bytes === undefined || ownBytes === undefined ? undefined : {bytes, ownBytes}
}
