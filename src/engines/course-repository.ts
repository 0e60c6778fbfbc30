import {JhubError} from '../errors.js'
import {contentAddress, type ContentSpec} from '../hub-spec/content-spec.js'

/** How long git may take to copy a repository. */
export const cloneMs = 600_000

/** Git asks nobody for a name or a password, and answers in English. */
export const quietGit = {GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C'}

/** Copies a whole repository: `source` is its address, or a file of `git bundle`. */
export function cloneCommand(source: string, mirror: string): readonly string[] {
  return ['git', 'clone', '--quiet', '--mirror', '--', source, mirror]
}

/** Ends with 0 when the copy has the branch, and with 1 when it has not. */
export function findBranchCommand(mirror: string, branch: string): readonly string[] {
  return ['git', '--git-dir', mirror, 'show-ref', '--verify', '--quiet', `refs/heads/${branch}`]
}

/** Writes a copy as one file, from which git clones and fetches. */
export function packCommand(mirror: string, file: string): readonly string[] {
  return ['git', '--git-dir', mirror, 'bundle', 'create', '--quiet', file, '--all']
}

/** Answers with the commits of the branches and tags at the address. */
export function versionCommand(content: ContentSpec): readonly string[] {
  return ['git', 'ls-remote', '--quiet', '--', contentAddress(content)]
}

/** `JHUB-E239` */
export function notCloned({git}: ContentSpec, cause: unknown): JhubError {
  return new JhubError('JHUB-E239', `${git} cannot be cloned`, {
    cause,
    fix: `git ls-remote ${git}   # says what is wrong; then: jhub up`,
  })
}

/** `JHUB-E239` */
export function noSuchBranch({git, branch = ''}: ContentSpec): JhubError {
  return new JhubError('JHUB-E239', `${git} has no branch ${branch}`, {fix: `git ls-remote --heads ${git}`})
}
