import type {Docker, ImageBuild} from '../../../host/docker/docker.js'
import type {Step} from '../../../steps/step.js'

export interface EnsureImageOptions {
  readonly docker: Docker
  readonly image: () => Promise<ImageBuild>
  /** False when a container that was made from it stands already. */
  readonly isNeeded: () => Promise<boolean>
}

/** The image of the machine, named after what it is built from. Other hubs share it. */
export function ensureImage({docker, image, isNeeded}: EnsureImageOptions): Step {
  return {
    title: "Build the machine's image",
    async check() {
      const {tag} = await image()
      if (!(await isNeeded()) || (await docker.findImage(tag)) !== undefined) return undefined
      return {summary: `build the image ${tag}`, disturbs: 'live'}
    },
    async apply(context) {
      await docker.buildImage(await image(), {signal: context.signal, onLine: (line) => context.report(line)})
    },
  }
}
