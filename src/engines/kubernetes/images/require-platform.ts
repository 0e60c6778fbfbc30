import {JhubError} from '../../../errors.js'
import type {RunDocker} from './docker-images.js'

/** The image is for the machines on which servers run, which are this Docker's. Throws `JHUB-E230`. */
export async function requirePlatform(
  docker: RunDocker,
  {image, reference}: {readonly image: string; readonly reference: string},
): Promise<void> {
  const [{stdout}, ours] = await Promise.all([
    docker(['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', reference]),
    dockerPlatform(docker),
  ])
  const there = stdout.trim()
  if (there !== ours) throw otherPlatform(image, there, ours)
}

/** For what this machine's Docker builds and runs: `linux/amd64`. */
export async function dockerPlatform(docker: RunDocker): Promise<string> {
  return (await docker(['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}'])).stdout.trim()
}

/** `JHUB-E230` for an image that is made for other machines. */
export function otherPlatform(image: string, there: string, ours: string): JhubError {
  return new JhubError('JHUB-E230', `The image ${image} is for ${there}, and servers run on ${ours}`, {
    fix: `Build it for ${ours}, or name an image that is made for it.`,
  })
}
