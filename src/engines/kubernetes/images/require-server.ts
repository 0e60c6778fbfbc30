import {JhubError} from '../../../errors.js'
import {RecipeError} from '../../../hub-spec/images/recipes/recipe-error.js'
import {outOfMemory} from '../../images/errors/out-of-memory.js'
import type {RunDocker} from './docker-images.js'

export interface ServerOptions {
  /** A running container of the image. */
  readonly container: string
  /** For people: the image's name in the spec. */
  readonly image: string
  /** The account that people have in it. */
  readonly user: string
  readonly signal: AbortSignal
}

/** Docker's words where a container has no such program. */
export const notThere = /executable file not found/i

/** A server starts from it as the account that people have. Throws `JHUB-E230`, and `JHUB-E240` where memory ran out. */
export async function requireServer(docker: RunDocker, wanted: ServerOptions): Promise<void> {
  const {container, image, user, signal} = wanted
  try {
    await docker(['exec', '--user', user, container, 'jupyterhub-singleuser', '--version'], {
      signal,
      timeoutMs: 120_000,
    })
  } catch (error) {
    if (signal.aborted || !(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
    const starved = outOfMemory(error, `the image ${image}`)
    if (starved !== undefined) throw starved
    throw notThere.test(error.cause instanceof Error ? error.cause.message : '')
      ? noServer(image, error)
      : new RecipeError('JHUB-E230', `No server starts from the image ${image}: jupyterhub-singleuser ends at once`, {
          cause: error.cause,
          otherwise: 'ask for other packages, or name another image',
        })
  }
}

/** `JHUB-E230` for an image from which no server can run. */
export function noServer(image: string, {cause}: Error): JhubError {
  return new JhubError(
    'JHUB-E230',
    `The image ${image} has no jupyterhub-singleuser in it, so no server can run from it`,
    {
      cause,
      fix: 'Install jupyterhub and jupyterlab in it, or begin with an image that has them, as quay.io/jupyter/base-notebook.',
    },
  )
}
