import {randomBytes} from 'node:crypto'
import {JhubError, messageOf} from '../../../../../errors.js'
import type {Docker} from '../../../../../host/docker/docker.js'
import {outOfMemory} from '../../../../images/errors/out-of-memory.js'
import type {StepContext} from '../../../../../steps/step.js'
import {findImage, hubImageLabel, pullImage, requireImage, type PullAsHub, type RunDocker} from '../../docker-images.js'
import {dockerfileBases} from './dockerfile-bases.js'
import type {DirectoryBuildOptions, ImageBuilder} from '../image-builder.js'
import {repositoryOf} from '../../image-reference.js'
import {requirePlatform} from '../../require-platform.js'
import {noServer, notThere, requireServer} from '../../require-server.js'

export interface DockerDirectoryBuilder {
  readonly engine: Docker
  readonly docker: RunDocker
  /** Absent for a hub that is given no accounts. */
  readonly asHub?: PullAsHub | undefined
  readonly hubName: string
  /** Proxies that a build may use and that Docker leaves out of the image's history. */
  readonly proxies: Readonly<Record<string, string>>
  /** Runs the work with a name for a container, which is removed afterwards. */
  readonly withContainer: <T>(work: (container: string) => Promise<T>) => Promise<T>
}

/** Images of directories with a Dockerfile, built by the Docker engine of this machine. */
export function dockerDirectoryBuilder({
  engine,
  docker,
  asHub,
  hubName,
  proxies,
  withContainer,
}: DockerDirectoryBuilder): Pick<ImageBuilder, 'digest' | 'buildDirectory'> {
  const labels = {[hubImageLabel]: hubName}

  /** As `docker pull`, which knows the accounts of `docker login`, or with the hub's; a build knows neither. */
  const pullBases = async (dockerfile: string, isFresh: boolean, context: StepContext) => {
    for (const base of dockerfileBases(dockerfile)) {
      const isHere = (await findImage(docker, base)) !== undefined
      if (isHere && !(isFresh && (await isOfRegistry(docker, base)))) continue
      context.report(`downloading ${base}`)
      await pullImage(docker, base, {signal: context.signal, asHub})
    }
  }
  const requireStart = (trial: string, image: string, signal: AbortSignal) =>
    withContainer(async (container) => {
      const {user} = await requireImage(docker, trial, {signal})
      const words = ['--name', container, '--label', `${hubImageLabel}=${hubName}`, '--network', 'none']
      await docker(['create', ...words, '--entrypoint', 'sleep', trial, '600'], {signal})
      try {
        await docker(['start', container], {signal})
      } catch (error) {
        if (error instanceof JhubError && notThere.test(messageOf(error.cause))) throw noServer(image, error)
        throw error
      }
      await requireServer(docker, {container, image, user, signal})
    })

  return {
    digest: async (directory) => (await engine.readBuildDirectory(directory)).digest(),
    async buildDirectory({image, directory: root, digest, isFresh, reference}, context) {
      const {signal} = context
      const directory = await engine.readBuildDirectory(root)
      if ((await directory.digest()) !== digest) throw isOtherState(image, root)
      await pullBases(directory.dockerfile, isFresh, context)
      const trial = `${repositoryOf(hubName)}:building-${randomBytes(6).toString('hex')}`
      const onLine = (line: string) => context.report(line)
      try {
        const wanted = {tag: trial, labels, directory, buildArguments: proxies, isFresh}
        await engine.buildDirectory(wanted, {signal, onLine}).catch(failing({image, directory: root}))
        await requirePlatform(docker, {image, reference: trial})
        context.report('starting a server from it')
        await requireStart(trial, image, signal)
        await docker(['tag', trial, reference], {signal})
      } finally {
        await docker(['image', 'rm', trial], {okExitCodes: [0, 1]}).catch(() => undefined)
      }
    },
  }
}

/** A registry has it, so that there may be a newer one. */
async function isOfRegistry(docker: RunDocker, reference: string): Promise<boolean> {
  const {stdout} = await docker(['image', 'inspect', '--format', '{{json .RepoDigests}}', reference])
  return ((JSON.parse(stdout) as readonly string[] | null) ?? []).length > 0
}

function isOtherState(image: string, directory: string): JhubError {
  return new JhubError(
    'JHUB-E302',
    `The image ${image} is locked to an earlier state of ${directory}, which has changed since`,
    {fix: [`jhub image update ${image}   # build it as it is now`, `Put the files of ${directory} back as they were`]},
  )
}

/** What failed, with the build's last words. */
function failing({image, directory}: Pick<DirectoryBuildOptions, 'image' | 'directory'>): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
    const starved = outOfMemory(error, `the image ${image}`)
    if (starved !== undefined) throw starved
    throw new JhubError('JHUB-E201', `The image ${image} could not be built from ${directory}`, {
      cause: error.cause,
      fix: `Change ${directory}/Dockerfile, then run the same command again.`,
    })
  }
}
