import {JhubError} from '../../../errors.js'
import {repositoryIn} from '../../../hub-spec/images/image-reference.js'
import type {Docker} from '../../../host/docker/docker.js'
import {isRefusal} from '../../../host/docker/registry-error.js'
import {findImage, lastingName, toDownload, type RunDocker} from './docker-images.js'
import type {HubAccount} from './hub-account.js'
import type {PinnedImage, PinOptions} from './build/image-builder.js'
import {dockerPlatform, otherPlatform} from './require-platform.js'

interface PinPlace {
  readonly docker: RunDocker
  readonly engine: Pick<Docker, 'findInRegistry'>
  readonly hub: HubAccount | undefined
}

/** What a reference means now. Asks the registry, and downloads nothing. Throws as `ImageBuilder.pin` does. */
export async function pinImage(
  {docker, engine, hub}: PinPlace,
  {image, reference, isNewest}: PinOptions,
): Promise<PinnedImage> {
  if ((await findImage(docker, reference)) !== undefined) {
    const base = await lastingName(docker, reference)
    const isOnlyHere = base.startsWith('sha256:')
    if (!isNewest || isOnlyHere) return {base}
  }
  const [found, ours] = await Promise.all([find({engine, hub}, reference), dockerPlatform(docker)])
  if (found === undefined)
    throw new JhubError('JHUB-E236', `There is no image ${reference} in its registry`, {
      fix: `docker pull ${reference}`,
    })
  const {digest, platforms} = found
  if (platforms.length > 0 && !platforms.includes(ours)) throw otherPlatform(image, platforms.join(' and '), ours)
  return {base: `${repositoryIn(reference)}@${digest}`}
}

async function find({engine, hub}: Pick<PinPlace, 'engine' | 'hub'>, reference: string) {
  try {
    return await engine.findInRegistry(reference, await hub?.loginFor(reference))
  } catch (error) {
    if (!(error instanceof JhubError) || !isRefusal(error)) throw error
    throw new JhubError(error.code, error.message, {cause: error.cause, fix: toDownload(reference, hub?.pull)})
  }
}
