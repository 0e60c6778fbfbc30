import {JhubError} from '../../../errors.js'
import type {RegistryAccount} from '../../../engines/engine.js'
import type {WantedAccount} from '../../../hub/image/image-login.js'
import type {Asker} from './ask.js'
import {askSecret, readSecretFile} from '../read-secret.js'

export interface GivenAccount {
  readonly user: string | undefined
  readonly passwordFile: string | undefined
  readonly signal: AbortSignal
}

/** The account of a registry, as far as it was not typed; `of docker login`: the person takes the one that Docker has. Throws `JHUB-E104`. */
export async function askRegistryAccount(
  asker: Asker,
  {registry, isInDocker}: WantedAccount,
  {user, passwordFile, signal}: GivenAccount,
): Promise<RegistryAccount | 'of docker login'> {
  if (user !== undefined && passwordFile !== undefined)
    return {username: user, password: await readSecretFile(passwordFile)}
  if (!asker.isInteractive) throw nobodyThere(registry)
  const {confirm, input} = await import('@inquirer/prompts')
  const asked = {signal, output: process.stderr}
  const isOffered = user === undefined && (await isInDocker())
  if (isOffered && (await confirm({message: `Docker has an account for ${registry}. Give it to the hub?`}, asked)))
    return 'of docker login'
  const username = user ?? (await input({message: `Name of the account at ${registry}:`}, asked))
  const password = await askSecret(asker, `the password or token of ${username}`, signal)
  if (password === undefined) throw nobodyThere(registry)
  return {username, password}
}

function nobodyThere(registry: string): JhubError {
  return new JhubError('JHUB-E104', `jhub cannot ask for an account at ${registry}`, {
    fix: [
      `jhub image login ${registry} --user NAME --password-file PATH   # or - for standard input`,
      `jhub image login ${registry} --from-docker   # the account of docker login`,
    ],
  })
}
