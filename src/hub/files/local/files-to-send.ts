import path from 'node:path'
import {JhubError} from '../../../errors.js'
import {readTree, type Tree, type TreeFile} from '../../../host/files/read-tree.js'
import type {HubContext} from '../../session/hub-context.js'

/**
 * Files of this computer, each under its own name; of directories, all that is in them but hidden names and links. Throws
 * `JHUB-E100` for two of one name and for nothing, `JHUB-E301` for a file that is not there.
 */
export async function filesToSend({host, asked, signal}: HubContext, typed: readonly string[]): Promise<Tree> {
  const trees: Tree[] = []
  for (const each of typed) {
    const local = path.resolve(asked.currentDirectory, each)
    // A link that was typed is meant; one in a directory may point anywhere.
    const place = await host.files.realPath(local)
    if ((await host.files.stat(place)) === undefined)
      throw new JhubError('JHUB-E301', `There is no file ${local}`, {fix: `ls ${path.dirname(local)}`})
    trees.push(await readTree({...host, signal}, place, path.basename(local)))
  }
  const files = trees.flatMap((tree) => tree.files)
  requireDifferentNames(files)
  if (files.length === 0)
    throw new JhubError('JHUB-E100', 'There is nothing to send', {fix: 'jhub files send hw1.ipynb --all'})
  return {files, leftOut: trees.flatMap((tree) => tree.leftOut)}
}

function requireDifferentNames(files: readonly TreeFile[]): void {
  const seen = new Map<string, string>()
  for (const {path: there, local} of files) {
    const other = seen.get(there)
    if (other !== undefined)
      throw new JhubError('JHUB-E100', `${other} and ${local} would both be ${there}`, {
        fix: 'Send one of them under another name',
      })
    seen.set(there, local)
  }
}
