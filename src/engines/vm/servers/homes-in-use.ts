import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {accountName, oldAccountName} from '../../../hub-spec/people/user-name.js'
import type {HomesInUse} from '../../engine.js'
import {measureDirectories, measureDisk} from '../../homes/measure-directories.js'
import type {Machine} from '../machines/machine.js'

/** What homes hold on the machine, and the disk that they share. */
export async function homesInUse(
  {files, layout, run}: Pick<Machine, 'files' | 'layout' | 'run'>,
  userNames: readonly string[],
  signal: AbortSignal,
): Promise<HomesInUse> {
  const there = new Set(await files.list(layout.homes))
  const found = userNames.flatMap((name) => {
    const account = [accountName(name), oldAccountName(name)].find((each) => there.has(each))
    return account === undefined ? [] : [[name, path.posix.join(layout.homes, account)] as const]
  })
  const [disk, measured] = await Promise.all([
    measureDisk(run, layout.homes),
    measureDirectories(
      run,
      found.map(([, home]) => home),
      signal,
    ),
  ])
  const homes = found.flatMap(([name, home]) => {
    const usedBytes = measured.get(home)
    return usedBytes === undefined ? [] : [[name, {usedBytes}] as const]
  })
  return {homes: new Map(homes), ...definedOnly({disk})}
}
