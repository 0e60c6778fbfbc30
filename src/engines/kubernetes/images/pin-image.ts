import {JhubError} from '../../../errors.js'
import {repositoryIn} from '../../../hub-spec/images/image-reference.js'
import type {Docker} from '../../../host/docker/docker.js'
import {findImage, lastingName, type RunDocker} from './docker-images.js'
import type {PinnedImage, PinOptions} from './build/image-builder.js'
import {dockerPlatform, otherPlatform} from './require-platform.js'

/** What a reference means now. Asks the registry, and downloads nothing. Throws as `ImageBuilder.pin` does. */
export async function pinImage(
  {docker, engine}: {readonly docker: RunDocker; readonly engine: Pick<Docker, 'findInRegistry'>},
  {image, reference, isNewest}: PinOptions,
): Promise<PinnedImage> {
  if ((await findImage(docker, reference)) !== undefined) {
    const base = await lastingName(docker, reference)
    const isOnlyHere = base.startsWith('sha256:')
    if (!isNewest || isOnlyHere) return {base}
  }
  const [found, ours] = await Promise.all([engine.findInRegistry(reference), dockerPlatform(docker)])
  if (found === undefined)
    throw new JhubError('JHUB-E236', `There is no image ${reference} in its registry`, {
      fix: `docker pull ${reference}`,
    })
  const {digest, platforms} = found
  if (platforms.length > 0 && !platforms.includes(ours)) throw otherPlatform(image, platforms.join(' and '), ours)
  return {base: `${repositoryIn(reference)}@${digest}`}
}
