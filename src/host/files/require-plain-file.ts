import {JhubError} from '../../errors.js'
import type {FileFacts, LocalFiles} from './files.js'

/** What stands at a path, behind every link. `undefined` where there is nothing. Throws `JHUB-E202` for links that lead round. */
export async function factsBehindLinks(files: LocalFiles, file: string): Promise<FileFacts | undefined> {
  return files.stat(await files.realPath(file))
}

/** Why what stands at a path is not read as a file: a pipe or a device may have no end. */
export function plainFileProblem({kind}: FileFacts): string | undefined {
  switch (kind) {
    case 'other':
      return 'is a pipe, a socket or a device, not a file'
    case 'directory':
      return 'is a directory, not a file'
    case 'link':
      return 'is a link, and there is no file behind it'
    case 'file':
      return undefined
  }
}

/** The facts of a file that the spec names; `undefined` where there is none. Throws `JHUB-E301` for what is not a file, before any of it is read. */
export async function requirePlainFile(files: LocalFiles, file: string): Promise<FileFacts | undefined> {
  const facts = await factsBehindLinks(files, file)
  const problem = facts && plainFileProblem(facts)
  if (problem === undefined) return facts
  throw new JhubError('JHUB-E301', `${file} ${problem}`, {fix: 'jhub config edit   # names a file that stays'})
}
