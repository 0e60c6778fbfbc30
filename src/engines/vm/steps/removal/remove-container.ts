import type {Docker} from '../../../../host/docker/docker.js'
import type {Disturbance, Step} from '../../../../steps/step.js'
import {ownerLabel} from '../../machines/docker/docker-labels.js'

export interface RemoveContainer {
  readonly docker: Docker
  readonly container: string
  readonly volumes: readonly string[]
  /** Whether people's files are in one of them. */
  readonly deleteData: boolean
}

/** Takes the machine away with the volumes named, and the images from which no other hub's machine was made: what carries our label. */
export function removeContainer({docker, container, volumes, deleteData}: RemoveContainer): Step {
  const isOurs = (found: {readonly labels: Readonly<Record<string, string>>} | undefined) =>
    found?.labels[ownerLabel] === container
  const present = async () => {
    const [machine, images, ...stores] = await Promise.all([
      docker.findContainer(container),
      docker.findImages(ownerLabel),
      ...volumes.map((name) => docker.findVolume(name)),
    ])
    return {
      containers: isOurs(machine) ? [container] : [],
      volumes: volumes.filter((_, index) => isOurs(stores[index])),
      images: images.filter(({usedBy}) => usedBy.every((name) => name === container)).map(({tag}) => tag),
    }
  }
  return {
    title: 'Remove the machine',
    async check() {
      const found = await present()
      const things = [
        ...found.containers.map((name) => `container ${name}`),
        ...found.volumes.map((name) => `volume ${name}`),
        ...found.images.map((tag) => `image ${tag}`),
      ]
      return things.length === 0
        ? undefined
        : {summary: `remove ${things.join(', ')}`, disturbs: disturbanceOf(found, deleteData)}
    },
    async apply() {
      const found = await present()
      for (const name of found.containers) await docker.removeContainer(name)
      for (const name of found.volumes) await docker.removeVolume(name)
      for (const tag of found.images) await docker.removeImage(tag)
    },
  }
}

function disturbanceOf(
  found: {readonly containers: readonly string[]; readonly volumes: readonly string[]},
  deleteData: boolean,
): Disturbance {
  if (deleteData && found.volumes.length > 0) return "people's files are deleted"
  return found.containers.length > 0 ? 'all servers end (files stay)' : 'live'
}
