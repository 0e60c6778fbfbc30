import {randomBytes} from 'node:crypto'
import {JhubError} from '../../../errors.js'
import {translateInstallError} from '../../images/install-error.js'
import {translateProjectError} from '../../images/project-error.js'
import {checkRequirements} from '../../images/read-recipe.js'
import {translateResolveError} from '../../images/resolve-error.js'
import {withKnownHashes} from '../../../hub-spec/images/image-lock.js'
import {translateDockerError} from '../clusters/docker-error.js'
import {findImage, hubImageLabel, requireImage, startWords, type RunDocker} from './docker-images.js'
import {repositoryOf} from './image-reference.js'
import {dockerDirectoryBuilder} from './docker-directory-builder.js'
import type {ChosenPackages, ImageBuilder} from './image-builder.js'
import {pinImage} from './pin-image.js'
import {requirePlatform} from './require-platform.js'
import {requireServer} from './require-server.js'
import {proxyVariables} from '../../images/network-environment.js'
import {askProgram, volumePlace, type ProgramHost} from './image-program.js'

export interface DockerImageBuilder extends ProgramHost {
  readonly hubName: string
}

/** Docker gives a container the proxies of ~/.docker/config.json, passwords too, and an image made of it would keep them. */
const noProxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY']
  .flatMap((name) => [name, name.toLowerCase()])
  .flatMap((name) => ['--env', `${name}=`])

type Choice = ChosenPackages | {readonly refused: string; readonly base: readonly string[]}
type Export = {readonly packages: string} | {readonly refused: string}
interface Contents {
  readonly python: string
  readonly packages: Readonly<Record<string, string>>
  readonly kernels: readonly string[]
}

/** By this machine's Docker: a container of the base is changed, looked at, and becomes the image. */
export function dockerImageBuilder({hubName, ...program}: DockerImageBuilder): ImageBuilder {
  const {commands} = program.host
  const volume = `jhub-${hubName}-packages`
  const label = `${hubImageLabel}=${hubName}`
  const docker: RunDocker = async (words, options = {}) => {
    try {
      return await commands.run(['docker', ...words], options)
    } catch (error) {
      throw translateDockerError(error)
    }
  }
  const list = async (words: readonly string[], format: string) => {
    const {stdout} = await docker([...words, '--filter', `label=${label}`, '--format', format])
    return stdout.split('\n').filter(Boolean)
  }
  const mount = `type=volume,source=${volume},destination=${volumePlace}`
  /** The words that make a container of this hub, with the volume of what was downloaded. */
  const madeWith = (container: string) => ['--name', container, '--label', label, '--user', '0', '--mount', mount]
  /** No hub, and no machine of one, has a name with a dot. */
  const containerPrefix = `jhub.building.${hubName}.`
  /** In a container of this run alone, which is gone afterwards. */
  const withContainer = async <T>(work: (container: string) => Promise<T>): Promise<T> => {
    const container = `${containerPrefix}${randomBytes(6).toString('hex')}`
    await docker(['volume', 'create', '--label', label, volume])
    try {
      return await work(container)
    } finally {
      await docker(['rm', '--force', '--volumes', container], {okExitCodes: [0, 1]})
    }
  }
  /** Containers of builds that were cut off, whose program has ended since; another run may work in one that runs. */
  const removeEnded = async () => {
    const ended = await list(['ps', '--all', '--filter', 'status=exited'], '{{.Names}}')
    const ours = ended.filter((name) => name.startsWith(containerPrefix))
    if (ours.length > 0) await docker(['rm', '--force', '--volumes', ...ours], {okExitCodes: [0, 1]})
  }
  /** By name, since an image of somebody else's has no label of ours. */
  const images = async () => {
    const {stdout} = await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', repositoryOf(hubName)])
    return stdout.split('\n').filter(Boolean)
  }
  const others = async () => ({
    containers: await list(['ps', '--all'], '{{.Names}}'),
    volumes: await list(['volume', 'ls'], '{{.Name}}'),
  })
  const remove = async (references: readonly string[]) => {
    for (const reference of references) await docker(['image', 'rm', '--force', reference], {okExitCodes: [0, 1]})
  }

  const contentsOf = (reference: string) => {
    const words = ['run', '--rm', '--init', '--interactive', '--network', 'none', '--tmpfs', volumePlace]
    const start = ['--user', '0', '--label', label, '--entrypoint', 'sh', reference]
    return askProgram<Contents>(program, [...words, ...start], {verb: 'look' as const, image: reference})
  }

  return {
    hasBase: async (base) => (await findImage(docker, base)) !== undefined,

    async choose({image, base, requirements, project, previous}, signal) {
      const options = signal === undefined ? {} : {signal}
      await requireImage(docker, base, options)
      const [run, start] = [
        ['run', '--rm', '--init', '--interactive'],
        ['--entrypoint', 'sh', base],
      ]
      const ask = <T>(asked: {readonly verb: 'export' | 'choose'} & Readonly<Record<string, unknown>>) =>
        withContainer((container) =>
          askProgram<T>(program, [...run, ...madeWith(container), ...start], {...asked, image: base}, options),
        ).catch(failing(image))
      const refused = (output: string) => new JhubError('JHUB-E201', 'uv chose no packages', {details: {output}})
      const known = project === undefined ? undefined : await ask<Export>({verb: 'export', ...project})
      if (known !== undefined && 'refused' in known) throw translateProjectError(refused(known.refused), image)
      const pins = known && checkRequirements(image, 'The uv.lock of its project', known.packages)
      const choice = await ask<Choice>({verb: 'choose', requirements: pins ?? requirements, previous})
      if ('refused' in choice)
        throw translateResolveError(refused(choice.refused), {image, own: choice.base, owner: `${base} has`})
      return known === undefined ? choice : {...choice, packages: withKnownHashes(choice.packages, known.packages)}
    },

    pin: (wanted) => pinImage({docker, engine: program.host.docker}, wanted),

    async build(wanted, context) {
      const {signal} = context
      const {image, base, reference, packages} = wanted
      const start = await requireImage(docker, base, {signal})
      await requirePlatform(docker, {image, reference: base})
      await removeEnded()
      await withContainer(async (container) => {
        await docker(['create', ...madeWith(container), ...noProxies, '--entrypoint', 'sleep', base, '86400'], {signal})
        await docker(['start', container], {signal})
        if (packages.trim() === '') {
          await requireServer(docker, {container, image, user: start.user, signal})
          await docker(['tag', base, reference], {signal})
          return
        }
        const words = ['exec', '--interactive', container, 'sh']
        const onLine = (line: string) => {
          if (/^\s*(?:Downloading|Building|Prepared|Installed|Bytecode)/.test(line)) context.report(line.trim())
        }
        const asked = {verb: 'install' as const, image: base, lock: packages}
        await askProgram(program, words, asked, {signal, onLine}).catch(failing(image))
        await requireServer(docker, {container, image, user: start.user, signal})
        context.report('making the image')
        const changes = [...startWords(start), '--change', `LABEL ${label}`]
        await docker(['commit', ...changes, container, reference], {signal})
      })
    },

    ...dockerDirectoryBuilder({
      engine: program.host.docker,
      docker,
      hubName,
      proxies: proxyVariables(program.host.system.environment),
      withContainer,
    }),

    async look(reference) {
      if ((await findImage(docker, reference)) === undefined) return undefined
      const {python, packages, kernels} = await contentsOf(reference)
      return {python, packages: new Map(Object.entries(packages)), kernels}
    },

    builds: images,
    remove,
    async leftovers() {
      const {containers, volumes} = await others()
      return [...(await images()), ...containers, ...volumes]
    },
    async clear() {
      const {containers, volumes} = await others()
      if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers])
      await remove(await images())
      if (volumes.length > 0) await docker(['volume', 'rm', ...volumes])
    },
  }
}

/** Docker ends with 125 to 127 for itself, or without a code where it could not be run; any other is the program's. */
function isOfDocker(error: unknown): boolean {
  const code = error instanceof JhubError ? error.details?.['exitCode'] : undefined
  return typeof code !== 'number' || (code >= 125 && code <= 127)
}

/** What a program in a container said, in a person's words. */
function failing(image: string): (error: unknown) => never {
  return (error) => {
    const said = translateInstallError(error, `the image ${image}`)
    const known = isOfDocker(said) ? translateDockerError(said) : said
    if (!(known instanceof JhubError) || known.code !== 'JHUB-E201') throw known
    throw new JhubError('JHUB-E201', `The image ${image} could not be built`, {cause: known.cause})
  }
}
