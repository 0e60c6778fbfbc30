import {JhubError} from '../../../errors.js'
import type {RunDocker} from './docker-images.js'

/** The image is for the machines on which servers run, which are this Docker's. Throws `JHUB-E230`. */
export async function requirePlatform(
  docker: RunDocker,
  {image, reference}: {readonly image: string; readonly reference: string},
): Promise<void> {
  const [its, ours] = await Promise.all([
    docker(['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', reference]),
    docker(['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}']),
  ])
  const [there, here] = [its.stdout.trim(), ours.stdout.trim()]
  if (there === here) return
  throw new JhubError('JHUB-E230', `The image ${image} is for ${there}, and servers run on ${here}`, {
    fix: `Build it for ${here}, or name an image that is made for it.`,
  })
}
