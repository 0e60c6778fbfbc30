import {buildContainers} from '../build-containers.js'
import {translateDockerError} from '../../../clusters/docker-error.js'
import {chooseInContainer} from '../choose-in-container.js'
import {dockerBuilds} from './docker-builds.js'
import {findImage, requireImage, startWords, type RunDocker} from '../../docker-images.js'
import {dockerDirectoryBuilder} from './docker-directory-builder.js'
import type {ImageBuilder} from '../image-builder.js'
import {installInContainer, isBaseAlone} from '../install-in-container.js'
import {hubAccount} from '../../hub-account.js'
import {pinImage} from '../../pin-image.js'
import {dockerPlatform, requirePlatform} from '../../require-platform.js'
import {requireServer} from '../../require-server.js'
import {proxyVariables} from '../../../../images/network-environment.js'
import type {RegistryLogin} from '../../../../../host/docker/docker-login.js'
import {proxyNames} from '../../../../../host/network/proxies.js'
import {askProgram, volumePlace, type ProgramHost} from '../image-program.js'

export interface DockerImageBuilder extends ProgramHost {
  readonly hubName: string
  /** The hub's accounts at registries, by reference. Absent where it is given none. */
  readonly accountFor?: (reference: string) => Promise<RegistryLogin | undefined>
}

/** Docker gives a container the proxies of ~/.docker/config.json, passwords too, and an image made of it would keep them. */
const noProxies = [...proxyNames, 'FTP_PROXY', 'ftp_proxy'].flatMap((name) => ['--env', `${name}=`])

interface Contents {
  readonly python: string
  readonly packages: Readonly<Record<string, string>>
  readonly kernels: readonly string[]
}

/** By this machine's Docker: a container of the base is changed, looked at, and becomes the image. */
export function dockerImageBuilder({hubName, accountFor, ...program}: DockerImageBuilder): ImageBuilder {
  const hub = accountFor && hubAccount(program.host.docker, accountFor)
  const {commands} = program.host
  /** Errors are the program's own words. */
  const run: RunDocker = (words, options = {}) => commands.run(['docker', ...words], options)
  const docker: RunDocker = async (words, options = {}) => {
    try {
      return await run(words, options)
    } catch (error) {
      throw translateDockerError(error)
    }
  }
  const containers = buildContainers(docker, hubName)
  const {label} = containers
  const contentsOf = (reference: string) => {
    const words = ['run', '--rm', '--init', '--interactive', '--network', 'none', '--tmpfs', volumePlace]
    const start = ['--user', '0', '--label', label, '--entrypoint', 'sh', reference]
    return askProgram<Contents>(program, [...words, ...start], {verb: 'look' as const, image: reference})
  }

  const proxies = proxyVariables(program.host.system.environment)

  return {
    platform: () => dockerPlatform(docker),

    hasBase: async (base) => (await findImage(docker, base)) !== undefined,

    choose: (wanted, signal) => chooseInContainer({program, docker, containers, asHub: hub?.pull}, wanted, signal),

    pin: (wanted) => pinImage({docker, engine: program.host.docker, hub}, wanted),

    async build(wanted, context) {
      const {signal} = context
      const {image, base, reference} = wanted
      const start = await requireImage(docker, base, {signal, asHub: hub?.pull})
      await requirePlatform(docker, {image, reference: base})
      await containers.removeEnded()
      await containers.withContainer(async (container) => {
        await docker(
          ['create', ...containers.madeWith(container), ...noProxies, '--entrypoint', 'sleep', base, '86400'],
          {signal},
        )
        await docker(['start', container], {signal})
        await installInContainer({program, run, container}, wanted, context)
        await requireServer(docker, {container, image, user: start.user, signal})
        if (isBaseAlone(wanted)) {
          await docker(['tag', base, reference], {signal})
          return
        }
        context.report('making the image')
        const changes = [...startWords(start), '--change', `LABEL ${label}`]
        await docker(['commit', ...changes, container, reference], {signal})
      })
    },

    ...dockerDirectoryBuilder({
      engine: program.host.docker,
      docker,
      asHub: hub?.pull,
      hubName,
      proxies,
      withContainer: (work) => containers.withContainer(work),
    }),

    async look(reference) {
      if ((await findImage(docker, reference)) === undefined) return undefined
      const [{python, packages, kernels}, {stdout}] = await Promise.all([
        contentsOf(reference),
        docker(['image', 'inspect', '--format', '{{.Size}}', reference]),
      ])
      return {python, packages: new Map(Object.entries(packages)), kernels, sizeBytes: Number(stdout)}
    },

    ...dockerBuilds(docker, hubName, containers),
  }
}
