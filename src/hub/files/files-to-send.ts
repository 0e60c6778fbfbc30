import path from 'node:path'
import {JhubError} from '../../errors.js'
import type {NewFile} from '../../engines/engine.js'
import type {HubContext} from '../session/hub-context.js'

export interface FileToSend extends NewFile {
  /** Where it is on this computer. */
  readonly local: string
  readonly executable: boolean
}

export interface FilesToSend {
  readonly files: readonly FileToSend[]
  /** Hidden names, links and what is no file, in directories that are sent: paths on this computer. */
  readonly leftOut: readonly string[]
}

/**
 * Files of this computer, each under its own name; of directories, all that is in them but hidden names and links. Throws
 * `JHUB-E100` for two of one name and for nothing, `JHUB-E301` for a file that is not there.
 */
export async function filesToSend(context: HubContext, typed: readonly string[]): Promise<FilesToSend> {
  const {host, asked, signal} = context
  const files: FileToSend[] = []
  const leftOut: string[] = []
  const add = async (local: string, there: string, isTyped: boolean): Promise<void> => {
    signal.throwIfAborted()
    // A link that was typed is meant; one in a directory may point anywhere.
    const place = isTyped ? await host.files.realPath(local) : local
    const facts = await host.files.stat(place)
    if (facts === undefined && isTyped)
      throw new JhubError('JHUB-E301', `There is no file ${local}`, {fix: `ls ${path.dirname(local)}`})
    if (facts?.kind === 'directory') {
      for (const name of (await host.files.list(place)) ?? []) {
        if (name.startsWith('.')) leftOut.push(path.join(place, name))
        else await add(path.join(place, name), `${there}/${name}`, false)
      }
      return
    }
    const digest = facts?.kind === 'file' ? await host.checksums.of(place) : undefined
    if (facts === undefined || digest === undefined) {
      leftOut.push(place)
      return
    }
    const sha256 = digest.replace('sha256:', '')
    files.push({path: there, local: place, size: facts.sizeBytes, sha256, executable: (facts.mode & 0o100) !== 0})
  }
  for (const each of typed) {
    const local = path.resolve(asked.currentDirectory, each)
    await add(local, path.basename(local), true)
  }
  requireDifferentNames(files)
  if (files.length === 0)
    throw new JhubError('JHUB-E100', 'There is nothing to send', {fix: 'jhub files send hw1.ipynb --all'})
  return {files, leftOut}
}

function requireDifferentNames(files: readonly FileToSend[]): void {
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
