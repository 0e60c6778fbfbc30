import type {BuildContainers} from '../build-containers.js'
import type {RunDocker} from '../../docker-images.js'
import type {ImageBuilder} from '../image-builder.js'
import {repositoryOf} from '../../image-reference.js'

/** The images that were made for a hub, and all else that building them left in Docker. */
export function dockerBuilds(
  docker: RunDocker,
  hubName: string,
  made: BuildContainers,
): Pick<ImageBuilder, 'builds' | 'remove' | 'leftovers' | 'clear'> {
  /** By name, since an image of somebody else's has no label of ours. */
  const images = async () => {
    const {stdout} = await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', repositoryOf(hubName)])
    return stdout.split('\n').filter(Boolean)
  }
  const remove = async (references: readonly string[]) => {
    for (const reference of references) await docker(['image', 'rm', '--force', reference], {okExitCodes: [0, 1]})
  }

  return {
    builds: images,
    remove,
    async leftovers() {
      const {containers, volumes} = await made.there()
      return [
        ...(await images()).map((name) => `the image ${name}`),
        ...containers.map((name) => `the container ${name}`),
        ...volumes.map((name) => `the Docker volume ${name} (downloaded packages)`),
      ]
    },
    async clear() {
      const {containers, volumes} = await made.there()
      if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers])
      await remove(await images())
      if (volumes.length > 0) await docker(['volume', 'rm', ...volumes])
    },
  }
}
