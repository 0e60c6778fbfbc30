import path from 'node:path'
import type {Files} from '../../host/files/files.js'
import {normalName} from '../../hub-spec/images/recipes/requirement.js'
import type {TljhPackage} from '../../hub-spec/import/tljh-packages.js'

/** What is installed in the environment of TLJH's servers, by what its installers noted; nothing of it is run. */
export async function readTljhPackages(files: Files, directory: string): Promise<readonly TljhPackage[]> {
  const library = path.join(directory, 'user', 'lib')
  const pythons = ((await files.list(library)) ?? []).filter((name) => /^python3\.\d+$/.test(name))
  const found = pythons.map(async (python) => {
    const place = path.join(library, python, 'site-packages')
    const names = ((await files.list(place)) ?? []).filter((name) => name.endsWith('.dist-info'))
    return Promise.all(names.map((name) => readPackage(files, place, name)))
  })
  return (await Promise.all(found)).flat(2)
}

/** `scikit_learn-1.7.0.dist-info` has its name and version, who installed it, and from which address if any. */
async function readPackage(files: Files, place: string, directory: string): Promise<readonly TljhPackage[]> {
  const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(directory) ?? []
  if (name === undefined || version === undefined) return []
  const [installer, address] = await Promise.all([
    files.read(path.join(place, directory, 'INSTALLER')),
    files.stat(path.join(place, directory, 'direct_url.json')),
  ])
  const from = installer?.trim() === 'conda' ? 'conda' : address === undefined ? 'index' : 'address'
  return [{name: normalName(name), version, from}]
}
