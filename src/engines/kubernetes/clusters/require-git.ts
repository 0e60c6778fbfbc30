import {JhubError} from '../../../errors.js'
import type {OwnCluster, RepositoryCopies} from './cluster.js'

/** Throws `JHUB-E200` where this computer has no git. */
export async function requireGit({repositories}: Pick<OwnCluster, 'repositories'>): Promise<RepositoryCopies> {
  const copies = await repositories()
  if (copies !== undefined) return copies
  throw new JhubError('JHUB-E200', 'There is no git here to copy the repository of content.git', {
    fix: 'sudo apt-get install git',
  })
}
