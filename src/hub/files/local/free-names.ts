import path from 'node:path'
import type {LocalFiles} from '../../../host/files/files.js'

/**
 * Names below a directory of this computer, by the path there: where something that is no directory has the name of a
 * directory, that directory gets the next name that is free (`project~2`).
 */
export async function freeNames(
  files: Pick<LocalFiles, 'stat' | 'realPath'>,
  root: string,
  names: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const free = new Map([['.', '.']])
  const freeDirectory = async (directory: string): Promise<string> => {
    const known = free.get(directory)
    if (known !== undefined) return known
    const wanted = path.join(await freeDirectory(path.dirname(directory)), path.basename(directory))
    let name = wanted
    for (let number = 2; !(await mayBeDirectory(files, path.join(root, name))); number++)
      name = `${wanted}~${String(number)}`
    free.set(directory, name)
    return name
  }
  const found = new Map<string, string>()
  for (const [there, here] of names)
    found.set(there, path.join(await freeDirectory(path.dirname(here)), path.basename(here)))
  return found
}

async function mayBeDirectory(files: Pick<LocalFiles, 'stat' | 'realPath'>, place: string): Promise<boolean> {
  const kind = (await files.stat(await files.realPath(place)))?.kind
  return kind === undefined || kind === 'directory'
}
