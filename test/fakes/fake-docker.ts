import type {ContainerOptions, Docker} from '../../src/host/docker/docker.js'
import {JhubError} from '../../src/errors.js'
import {fakeAgent} from './fake-agent.js'
import {unscripted} from './fake-context.js'
import type {FakeRun} from './fake-programs.js'
import type {MemoryFiles} from './memory-files.js'

export interface FakeDocker extends Docker {
  readonly containers: Map<string, ContainerOptions & {isRunning: boolean}>
  readonly volumes: Map<string, Readonly<Record<string, string>>>
  readonly images: Set<string>
}

export interface FakeDockerOptions {
  /** What is in the container; below its mounts it is what is on the volumes. */
  readonly inside: MemoryFiles
  readonly run: FakeRun
  readonly beforeChange: (what: string) => void
  /** The container is gone, and with it all that ran in it. */
  readonly onGone: () => Promise<void>
  /** systemd ends at once in a container without every right. */
  readonly isStrict?: boolean
}

/** An engine with at most one container, that keeps volumes when the container goes. */
export function fakeDocker({inside, run, beforeChange, onGone, isStrict = false}: FakeDockerOptions): FakeDocker {
  const containers: FakeDocker['containers'] = new Map()
  const volumes: FakeDocker['volumes'] = new Map()
  const images = new Set<string>()
  const saved = new Map<string, string>()
  const mounts = new Map<string, string>()
  const forget = (isGone: (path: string) => boolean) => {
    for (const path of [...inside.entries.keys()]) if (path !== '/' && isGone(path)) inside.entries.delete(path)
  }
  return {
    containers,
    volumes,
    images,
    look: async () => ({
      version: '28',
      cores: 2,
      memoryBytes: 8 * 1024 ** 3,
      architecture: 'x86_64',
      cgroupVersion: '2',
    }),
    findImage: async (tag) => (images.has(tag) ? {id: tag} : undefined),
    async buildImage({tag}) {
      beforeChange(`build ${tag}`)
      images.add(tag)
    },
    findInRegistry: unscripted('findInRegistry'),
    pullImage: unscripted('pullImage'),
    registryLogin: async () => undefined,
    refusalOfPush: async () => undefined,
    checkLogin: unscripted('checkLogin'),
    pushImage: unscripted('pushImage'),
    readBuildDirectory: unscripted('readBuildDirectory'),
    async buildDirectory({tag}) {
      beforeChange(`build ${tag}`)
      images.add(tag)
    },
    findImages: async () =>
      [...images].map((tag) => ({
        tag,
        usedBy: [...containers.values()].filter(({image}) => image === tag).map(({name}) => name),
      })),
    async removeImage(tag) {
      beforeChange(`remove image ${tag}`)
      images.delete(tag)
    },
    async saveImage(tag, file) {
      saved.set(file, tag)
    },
    async loadImage(file) {
      beforeChange(`load ${file}`)
      images.add(saved.get(file) ?? '')
    },
    listContainers: async (label) =>
      [...containers.values()].filter(({labels}) => label in labels).map(({name}) => name),
    async findContainer(name) {
      const found = containers.get(name)
      const restarts = isStrict && found?.rights !== 'everything' ? 2 : 0
      return found === undefined
        ? undefined
        : {...found, restarts, ports: new Map(found.publish.map(({port}) => [port, port]))}
    },
    async createContainer(wanted) {
      beforeChange(`create ${wanted.name}`)
      if (!images.has(wanted.image)) throw new JhubError('JHUB-E201', `no such image: ${wanted.image}`)
      for (const [place, volume] of wanted.volumes) mounts.set(volume, place)
      containers.set(wanted.name, {...wanted, isRunning: true})
    },
    async startContainer(name) {
      beforeChange(`start ${name}`)
      const found = containers.get(name)
      if (found !== undefined) found.isRunning = true
    },
    async removeContainer(name) {
      if (!containers.has(name)) return
      beforeChange(`remove ${name}`)
      containers.delete(name)
      forget((path) => ![...mounts.values()].some((place) => path.startsWith(`${place}/`)))
      await onGone()
    },
    findVolume: async (name) => {
      const labels = volumes.get(name)
      return labels === undefined ? undefined : {labels}
    },
    async createVolume(name, labels) {
      beforeChange(`create volume ${name}`)
      volumes.set(name, labels)
    },
    async removeVolume(name) {
      if (!volumes.has(name)) return
      beforeChange(`remove volume ${name}`)
      volumes.delete(name)
      forget((path) => path.startsWith(`${mounts.get(name) ?? name}/`))
    },
    converse: async (_container, _argv, listener) => fakeAgent(inside, run, listener),
  }
}
