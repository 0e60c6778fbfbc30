import {JhubError, messageOf} from '../../../errors.js'
import {asksForAccount} from '../../../host/docker/registry-error.js'
import {registryHost} from '../../../host/docker/registry-host.js'
import {repositoryIn} from '../../../hub-spec/images/image-reference.js'
import type {CommandOptions, CommandResult} from '../../../host/processes/commands.js'

/** On everything that is built for a hub: the hub's name. Only what carries it is ever removed. */
export const hubImageLabel = 'io.github.jhub.images'

export type RunDocker = (words: readonly string[], options?: CommandOptions) => Promise<CommandResult>

/** How an image starts. */
export interface ImageStart {
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
}

/** The name of an image by its digest in its registry; its id where it comes from none. Throws `JHUB-E201` where it is not here. */
export async function lastingName(docker: RunDocker, reference: string): Promise<string> {
  const format = '{{.Id}} {{json .RepoDigests}}'
  const {stdout} = await docker(['image', 'inspect', '--format', format, reference])
  const [id = '', digests = '[]'] = stdout.trim().split(' ')
  const name = repositoryIn(reference)
  const known = (JSON.parse(digests) as readonly string[] | null) ?? []
  return known.find((each) => each.startsWith(`${name}@`)) ?? id
}

/** `undefined` for an image that this machine's Docker does not have. */
export async function findImage(docker: RunDocker, reference: string): Promise<ImageStart | undefined> {
  const {stdout, exitCode} = await docker(['image', 'inspect', '--format', '{{json .Config}}', reference], {
    okExitCodes: [0, 1],
  })
  if (exitCode !== 0) return undefined
  const {User: user, Entrypoint: entrypoint, Cmd: command} = JSON.parse(stdout) as Config
  return {user: user === undefined || user === '' ? '0' : user, entrypoint: entrypoint ?? [], command: command ?? []}
}

interface Config {
  readonly User?: string
  readonly Entrypoint?: readonly string[] | null
  readonly Cmd?: readonly string[] | null
}

/** Downloads with the account that the hub was given for the registry; `false` where it has none that Docker lacks. */
export type PullAsHub = (reference: string, signal: AbortSignal | undefined) => Promise<boolean>

export interface PullOptions extends CommandOptions {
  /** Absent for a hub that is given no accounts. */
  readonly asHub?: PullAsHub | undefined
}

/** The image, which is downloaded where it is not here. Throws `JHUB-E213`. */
export async function requireImage(docker: RunDocker, reference: string, options: PullOptions): Promise<ImageStart> {
  const found = await findImage(docker, reference)
  if (found !== undefined) return found
  if (reference.startsWith('sha256:'))
    throw new JhubError('JHUB-E213', `The image ${reference} was only on the computer where it was built`, {
      fix: 'Push it to a registry there, and name it with the registry in `oci`.',
    })
  await pullImage(docker, reference, options)
  return (await findImage(docker, reference)) ?? {user: '0', entrypoint: [], command: []}
}

/** What to type where a registry gives an image only to accounts. */
export function toDownload(reference: string, asHub: PullAsHub | undefined): string {
  const login = asHub === undefined ? 'docker login' : 'jhub image login'
  return `${login} ${registryHost(reference)}   # with an account that may download ${reference}`
}

/** Downloads what the reference means now. Throws `JHUB-E213`. */
export async function pullImage(docker: RunDocker, reference: string, {asHub, ...options}: PullOptions): Promise<void> {
  try {
    if ((await asHub?.(reference, options.signal)) === true) return
    await docker(['pull', '--quiet', reference], {...options, timeoutMs: 3_600_000})
  } catch (error) {
    if (!(error instanceof JhubError) || options.signal?.aborted === true) throw error
    throw new JhubError('JHUB-E213', `The image ${reference} could not be downloaded`, {
      cause: error.cause,
      fix: asksForAccount(messageOf(error.cause)) ? toDownload(reference, asHub) : `docker pull ${reference}`,
    })
  }
}

/** Words of `docker commit` by which an image starts as its base does, whatever its container ran. */
export function startWords({user, entrypoint, command}: ImageStart): readonly string[] {
  return [`USER ${user}`, `ENTRYPOINT ${JSON.stringify(entrypoint)}`, `CMD ${JSON.stringify(command)}`].flatMap(
    (change) => ['--change', change],
  )
}
