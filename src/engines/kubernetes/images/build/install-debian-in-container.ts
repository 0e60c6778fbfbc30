import {JhubError, messageOf} from '../../../../errors.js'
import {RecipeError} from '../../../../hub-spec/images/recipes/recipe-error.js'
import type {StepContext} from '../../../../steps/step.js'
import {installDebianPackages, type DebianPlace} from '../../../images/install-debian-packages.js'
import type {RunDocker} from '../docker-images.js'
import {notThere} from '../require-server.js'

export interface DebianOptions {
  /** A running container, which becomes the image. */
  readonly container: string
  /** For people: the image of which it was made. */
  readonly base: string
  readonly names: readonly string[]
  /** Proxies on the way to Debian's archive; they do not become part of the image. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Installs Debian packages in a container, and leaves no lists or archives there. Throws `JHUB-E230` for a base without
 * `apt-get`, and as `installDebianPackages` does.
 */
export async function installDebianInContainer(
  docker: RunDocker,
  {container, base, names, environment}: DebianOptions,
  {signal, report}: Pick<StepContext, 'signal' | 'report'>,
): Promise<void> {
  const run: DebianPlace['run'] = (argv, options = {}) => {
    // Docker takes what is only named from its own environment, so that no password of a proxy is in the list of processes.
    const named = Object.keys(options.env ?? {}).flatMap((name) => ['--env', name])
    return docker(['exec', '--user', '0', ...named, container, ...argv], options)
  }
  const place = {
    run,
    networkEnvironment: environment,
    title: `The Debian of ${base}`,
    where: `in a container of ${base}`,
  }
  try {
    await installDebianPackages(place, {names, signal, report})
  } catch (error) {
    if (error instanceof JhubError && notThere.test(messageOf(error.cause ?? error)))
      throw new RecipeError('JHUB-E230', `${base} has no apt-get, so no Debian packages can be installed on it`, {
        cause: error.cause,
        key: 'apt',
        otherwise: 'name another base',
      })
    throw error
  }
  await run(['sh', '-c', 'apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log'], {signal})
}
