import {createHash} from 'node:crypto'
import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import type {Host} from '../../../../host/host.js'
import {contentAddress, type ContentSpec} from '../../../../hub-spec/content-spec.js'
import type {RepositoryCopies} from '../cluster.js'

const cloneMs = 600_000
const answerMs = 20_000
/** Nobody is asked for a name or a password. */
const env = {GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C'}

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
    commands.run(['git', ...words], {env, signal, okExitCodes, timeoutMs: cloneMs})

  const clone = async (content: ContentSpec, mirror: string, signal: AbortSignal) => {
    try {
      await git(['clone', '--quiet', '--mirror', '--', contentAddress(content), mirror], signal)
    } catch (error) {
      if (signal.aborted) throw error
      throw new JhubError('JHUB-E239', `${content.git} cannot be cloned`, {
        cause: error,
        fix: `git ls-remote ${content.git}   # says what is wrong; then: jhub up`,
      })
    }
  }
  return {
    async version(content) {
      const words = ['git', 'ls-remote', '--quiet', '--', contentAddress(content)]
      const answer = await commands.run(words, {env, timeoutMs: answerMs}).catch(() => undefined)
      return answer === undefined ? undefined : createHash('sha256').update(answer.stdout).digest('hex')
    },

    async copy(content, file, signal) {
      const mirror = `${file}.clone`
      await files.remove(mirror)
      await files.makeDirectory(path.dirname(file))
      try {
        await clone(content, mirror, signal)
        const {branch} = content
        const inMirror = ['--git-dir', mirror]
        const look = [...inMirror, 'show-ref', '--verify', '--quiet', `refs/heads/${branch ?? ''}`]
        if (branch !== undefined && (await git(look, signal, [0, 1])).exitCode !== 0)
          throw new JhubError('JHUB-E239', `${content.git} has no branch ${branch}`, {
            fix: `git ls-remote --heads ${content.git}`,
          })
        await git([...inMirror, 'bundle', 'create', '--quiet', file, '--all'], signal)
      } finally {
        await files.remove(mirror)
      }
    },
  }
}
