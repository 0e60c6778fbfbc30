import path from 'node:path'
import {JhubError} from '../../../errors.js'
import {copyFile} from '../../../host/files/copy-file.js'
import type {Files} from '../../../host/files/files.js'
import {packCommand, quietGit} from '../../course-repository.js'
import type {Machine} from '../machines/machine.js'
import {installMs} from '../packages/locks/install-locked.js'

/** The mirror of the repository with what is new in it, as one file. Throws `JHUB-E204` while there is none. */
export async function packContent(
  machine: Pick<Machine, 'files' | 'layout' | 'facts' | 'run'>,
  target: {readonly to: Files; readonly file: string},
  signal: AbortSignal,
): Promise<void> {
  const {files, layout, facts} = machine
  const mirror = path.posix.join(layout.content, 'mirror.git')
  if ((await files.stat(mirror)) === undefined)
    throw new JhubError('JHUB-E204', 'The course repository has not been copied yet', {fix: 'jhub up'})
  const packed = path.posix.join(layout.content, 'packed.gitbundle')
  const env = {...facts.networkEnvironment, ...quietGit}
  try {
    await machine.run(['git', '--git-dir', mirror, 'fetch', '--quiet', '--prune', 'origin'], {
      env,
      signal,
      cwd: '/',
      timeoutMs: installMs,
    })
    // Whoever runs this may have a mask of their own, and people's servers read the mirror.
    await machine.run(['chmod', '-R', 'a+rX', mirror])
    await machine.run(packCommand(mirror, packed), {
      signal,
      cwd: '/',
      timeoutMs: installMs,
    })
    await copyFile({from: files, file: packed}, target, signal)
  } finally {
    await files.remove(packed)
  }
}
