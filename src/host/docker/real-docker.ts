import {PassThrough} from 'node:stream'
import type Dockerode from 'dockerode'
import {JhubError, messageOf} from '../../errors.js'
import type {ContainerFacts, ContainerOptions, Docker, DockerFacts, ImageFacts} from './docker.js'
import {readBuildDirectory} from './build-directory.js'
import {buildDirectory, buildTexts} from './docker-builds.js'
import {dockerRegistries} from './docker-registry.js'
import {answered, statusOf} from './docker-answers.js'
import {loadImage, saveImage} from './docker-image-files.js'
import {lineConversation} from '../processes/line-conversation.js'

/** An engine that is not there says so at once; one that starts, or works for many, may need this long. */
const lookMs = 30_000

/** An engine may be busy with others for a while; what it removes, or is sent to build, takes as long as the files do. */
const patience = {
  answerMs: 300_000,
  removalMs: 3_600_000,
  startMs: 3_600_000,
  stallMs: 300_000,
  buildStallMs: 3_600_000,
}

/** The engine that `DOCKER_HOST` names, else Docker Desktop's or the system's, by dockerode. */
export function realDocker({answerMs, removalMs, startMs, stallMs, buildStallMs} = patience): Docker {
  const building = {answerMs, startMs, buildStallMs}
  let client: Promise<Dockerode> | undefined
  const engine = () => (client ??= import('dockerode').then(({default: Client}) => new Client()))
  const translated = <T>(action: () => Promise<T>) => answered(action, answerMs)
  const absentIsUndefined = async <T>(action: () => Promise<T>, deadlineMs = answerMs): Promise<T | undefined> =>
    answered(async () => action().catch(undefinedWhere(404)), deadlineMs)

  return {
    async look() {
      try {
        return await answered(async () => (await engine()).info() as Promise<EngineInfo>, lookMs).then(toFacts)
      } catch (error) {
        return {silent: messageOf(error instanceof JhubError ? error.cause : error)}
      }
    },
    findImage: (tag) => absentIsUndefined(async () => ({id: (await (await engine()).getImage(tag).inspect()).Id})),
    buildImage: async (wanted, options) => buildTexts(await engine(), wanted, {...options, ...building}),
    readBuildDirectory,
    ...dockerRegistries(engine, {answerMs, stallMs}),
    buildDirectory: async (wanted, options) => buildDirectory(await engine(), wanted, {...options, ...building}),
    findImages: (label) => translated(async () => findImages(await engine(), label)),
    async removeImage(tag) {
      const remove = async (): Promise<unknown> => (await engine()).getImage(tag).remove()
      await answered(async () => remove().catch(undefinedWhere(404, 409)), removalMs)
    },
    saveImage: async (tag, file, signal) => saveImage(await engine(), tag, file, {signal, startMs, stallMs}),
    loadImage: async (file, signal) => loadImage(await engine(), file, {signal, stallMs}),
    findContainer: (name) => absentIsUndefined(async () => findContainer(await engine(), name)),
    listContainers: (label) =>
      translated(async () => {
        const found = await (await engine()).listContainers({all: true, filters: {label: [label]}})
        return found.map(nameOf)
      }),
    createContainer: async (wanted) => translated(async () => create(await engine(), wanted)),
    startContainer: (name) =>
      translated(async () => {
        const container = (await engine()).getContainer(name)
        const {State: state} = await container.inspect()
        await (state.Paused ? container.unpause() : container.start()).catch(undefinedWhere(304))
      }),
    async removeContainer(name) {
      await absentIsUndefined(async () => {
        await (await engine()).getContainer(name).remove({force: true, v: true})
      }, removalMs)
    },
    findVolume: (name) =>
      absentIsUndefined(async () => ({labels: (await (await engine()).getVolume(name).inspect()).Labels})),
    createVolume: (name, labels) =>
      translated(async () => {
        await (await engine()).createVolume({Name: name, Labels: labels})
      }),
    async removeVolume(name) {
      await absentIsUndefined(async () => {
        await (await engine()).getVolume(name).remove()
      }, removalMs)
    },
    converse: (container, argv, listener) =>
      translated(async () => {
        const docker = await engine()
        const program = await docker
          .getContainer(container)
          .exec({Cmd: [...argv], AttachStdin: true, AttachStdout: true, AttachStderr: true})
        const stream = await program.start({hijack: true, stdin: true})
        const [output, complaints] = [new PassThrough(), new PassThrough()]
        docker.modem.demuxStream(stream, output, complaints)
        stream.on('end', () => {
          output.end()
          complaints.end()
        })
        stream.on('close', () => output.end())
        return lineConversation({input: stream, output, complaints, handles: [stream as unknown as Handle]}, listener)
      }),
  }
}

interface Handle {
  ref?(): unknown
  unref?(): unknown
}

interface EngineInfo {
  readonly ServerVersion: string
  readonly NCPU: number
  readonly MemTotal: number
  readonly Architecture: string
  readonly CgroupVersion?: string
}

function toFacts(info: EngineInfo): DockerFacts {
  return {
    version: info.ServerVersion,
    cores: info.NCPU,
    memoryBytes: info.MemTotal,
    architecture: info.Architecture,
    cgroupVersion: info.CgroupVersion === '2' ? '2' : '1',
  }
}

/** Docker lists a port that is published for IPv4 and IPv6 twice, and one that is not with nothing. */
function toPorts(ports: Readonly<Record<string, readonly {readonly HostPort: string}[] | null>>) {
  return new Map(
    Object.entries(ports).flatMap(([port, here]) =>
      here?.[0] === undefined ? [] : [[Number.parseInt(port), Number(here[0].HostPort)] as const],
    ),
  )
}

function nameOf({Names: [name = '']}: Dockerode.ContainerInfo): string {
  return name.replace(/^\//, '')
}

async function findContainer(docker: Dockerode, name: string): Promise<ContainerFacts> {
  const {
    State: state,
    RestartCount: restarts,
    Config: config,
    NetworkSettings: network,
  } = await docker.getContainer(name).inspect()
  return {isRunning: state.Running && !state.Paused, restarts, labels: config.Labels, ports: toPorts(network.Ports)}
}

async function findImages(docker: Dockerode, label: string): Promise<readonly ImageFacts[]> {
  const [images, containers] = await Promise.all([
    docker.listImages({filters: {label: [label]}}),
    docker.listContainers({all: true}),
  ])
  return images.flatMap(({Id: id, RepoTags: tags}) => {
    const users = containers.filter(({ImageID: image}) => image === id)
    const usedBy = users.map(nameOf)
    return (tags ?? []).map((tag) => ({tag, usedBy}))
  })
}

async function create(docker: Dockerode, wanted: ContainerOptions): Promise<void> {
  const {name, image, labels, hostname, volumes, publish, rights} = wanted
  const ports = publish.map(({address, port, hostPort}) => {
    const here = {HostIp: address, HostPort: hostPort === 'any' ? '' : String(port)}
    return [`${String(port)}/tcp`, here] as const
  })
  const hostConfig: Dockerode.HostConfig & {readonly CgroupnsMode: string} = {
    ...(rights === 'everything'
      ? {Privileged: true}
      : // The engine's filter of system calls stays; its other profiles forbid every mount.
        {CapDrop: ['ALL'], CapAdd: [...rights], SecurityOpt: ['apparmor=unconfined', 'label=disable']}),
    CgroupnsMode: 'private',
    Tmpfs: {'/run': 'mode=755'},
    Binds: [...volumes].map(([place, volume]) => `${volume}:${place}`),
    PortBindings: Object.fromEntries(ports.map(([port, here]) => [port, [here]])),
    RestartPolicy: {Name: 'unless-stopped'},
  }
  const container: Dockerode.Container = await docker.createContainer({
    name,
    Image: image,
    Hostname: hostname,
    Labels: {...labels},
    ExposedPorts: Object.fromEntries(ports.map(([port]) => [port, {}])),
    // systemd's word for "shut down"; SIGTERM means something else to it.
    StopSignal: 'SIGRTMIN+3',
    HostConfig: hostConfig,
  })
  await container.start()
}

/** Lets an answer with one of these statuses pass as nothing. */
function undefinedWhere(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (!statuses.some((status) => status === statusOf(error))) throw error
  }
}
