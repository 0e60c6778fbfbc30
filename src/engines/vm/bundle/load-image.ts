import {JhubError} from '../../../errors.js'
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

/** The image of the machine, from a bundle. Applying throws `JHUB-E231` where the file does not have it. */
export function loadImage({docker, tag, file, isNeeded}: ImageToLoad): Step {
  return {
    title: "Load the machine's image",
    async check() {
      if (!(await isNeeded()) || (await docker.findImage(tag)) !== undefined) return undefined
      return {summary: `load the image ${tag} from the bundle`, disturbs: 'live'}
    },
    async apply({signal}) {
      await docker.loadImage(file, signal)
      if ((await docker.findImage(tag)) !== undefined) return
      throw new JhubError('JHUB-E231', `The image ${tag} is not in ${file}`, {
        fix: 'jhub bundle create   # on a computer with internet, with this version of jhub',
      })
    },
  }
}
