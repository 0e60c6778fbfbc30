import type {Docker} from '../../../host/docker/docker.js'
import type {Step} from '../../../steps/step.js'

export interface ImageToLoad {
  readonly docker: Docker
  readonly tag: string
  /** As `docker save` wrote it. */
  readonly file: string
  /** False when a container that was made from it stands already. */
  readonly isNeeded: () => Promise<boolean>
}

/** The image of the machine, from a bundle. */
export function loadImage({docker, tag, file, isNeeded}: ImageToLoad): Step {
  return {
    title: "Load the machine's image",
    async check() {
      if (!(await isNeeded()) || (await docker.findImage(tag)) !== undefined) return undefined
      return {summary: `load the image ${tag} from the bundle`, disturbs: 'live'}
    },
    apply: ({signal}) => docker.loadImage(file, signal),
  }
}
