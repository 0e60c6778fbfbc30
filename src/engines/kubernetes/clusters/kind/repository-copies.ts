import {createHash} from 'node:crypto'
import path from 'node:path'
import type {Host} from '../../../../host/host.js'
import {contentAddress, type ContentSpec} from '../../../../hub-spec/content-spec.js'
import {
  cloneCommand,
  cloneMs,
  findBranchCommand,
  noSuchBranch,
  notCloned,
  packCommand,
  quietGit,
  versionCommand,
} from '../../../course-repository.js'
import type {RepositoryCopies} from '../cluster.js'

const answerMs = 20_000

/** By the git of this computer, as `git bundle` writes it: one file from which git clones and fetches. */
export async function repositoryCopies({
  commands,
  files,
}: Pick<Host, 'commands' | 'files'>): Promise<RepositoryCopies | undefined> {
  const isThere = await commands.run(['git', '--version'], {timeoutMs: 20_000}).then(
    () => true,
    () => false,
  )
  if (!isThere) return undefined
  const git = (words: readonly string[], signal: AbortSignal, okExitCodes = [0]) =>
    commands.run(words, {env: quietGit, signal, okExitCodes, timeoutMs: cloneMs})

  const clone = async (content: ContentSpec, mirror: string, signal: AbortSignal) => {
    try {
      await git(cloneCommand(contentAddress(content), mirror), signal)
    } catch (error) {
      if (signal.aborted) throw error
      throw notCloned(content, error)
    }
  }
  return {
    async version(content) {
      const options = {env: quietGit, timeoutMs: answerMs}
      const answer = await commands.run(versionCommand(content), options).catch(() => undefined)
      return answer === undefined ? undefined : createHash('sha256').update(answer.stdout).digest('hex')
    },

    async copy(content, file, signal) {
      const mirror = `${file}.clone`
      await files.remove(mirror)
      await files.makeDirectory(path.dirname(file))
      try {
        await clone(content, mirror, signal)
        const {branch} = content
        if (branch !== undefined && (await git(findBranchCommand(mirror, branch), signal, [0, 1])).exitCode !== 0)
          throw noSuchBranch(content)
        await git(packCommand(mirror, file), signal)
      } finally {
        await files.remove(mirror)
      }
    },
  }
}
