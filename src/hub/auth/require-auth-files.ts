import path from 'node:path'
import {JhubError} from '../../errors.js'
import {factsBehindLinks, plainFileProblem} from '../../host/files/require-plain-file.js'
import type {AuthDocument} from '../../hub-spec/auth/auth-document.js'
import {authorityProblem} from '../../jupyterhub/tls/sign-in-authority.js'
import type {HubContext} from '../session/hub-context.js'

/** The files that were typed are there, also while the hub is not running. Throws `JHUB-E301`. */
export async function requireAuthFiles(
  {host: {files}, asked}: Pick<HubContext, 'host' | 'asked'>,
  {ca, requirements}: Pick<AuthDocument, 'ca' | 'requirements'>,
): Promise<void> {
  for (const [flag, typed] of Object.entries({ca, requirements})) {
    if (typed === undefined) continue
    const file = path.resolve(asked.currentDirectory, typed)
    const facts = await factsBehindLinks(files, file)
    const problem =
      facts === undefined
        ? 'names a file that is not there'
        : (plainFileProblem(facts) ?? (flag === 'ca' ? authorityProblem((await files.read(file)) ?? '') : undefined))
    if (problem === undefined) continue
    throw new JhubError('JHUB-E301', `Nothing was changed: --${flag} ${typed} ${problem}`, {
      fix: 'Run the same command with a file that is there',
    })
  }
}
