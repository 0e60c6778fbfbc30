import {execa} from 'execa'

/** Makes an image of Debian 13 with these packages, where it is not there yet. */
export async function buildDebianImage(image: string, ...packages: readonly string[]): Promise<void> {
  const install = `DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${packages.join(' ')}`
  await execa('docker', ['build', '--quiet', '--tag', image, '-'], {
    input: `FROM debian:trixie-slim\nRUN apt-get update && ${install} && rm -rf /var/lib/apt/lists/*\n`,
    env: {DOCKER_BUILDKIT: '0'},
  })
}
