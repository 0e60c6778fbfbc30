import type {Docker, ImageWanted} from '../../../host/docker.js'
import type {Step} from '../../../steps/step.js'
import {ownerLabel} from '../machines/docker-labels.js'

export interface RemoveContainer {
  readonly docker: Docker
  readonly container: string
  readonly volumes: readonly string[]
  /** Removed too, unless another hub stands on it. */
  readonly image: (() => Promise<ImageWanted>) | undefined
}

/** Takes the machine away, with the volumes named; only what carries our label. */
export function removeContainer({docker, container, volumes, image}: RemoveContainer): Step {
  const isOurs = (found: {readonly labels: Readonly<Record<string, string>>} | undefined) =>
    found?.labels[ownerLabel] === container
  const present = async () => {
    const [machine, ...stores] = await Promise.all([
      docker.findContainer(container),
      ...volumes.map((name) => docker.findVolume(name)),
    ])
    return [...(isOurs(machine) ? [container] : []), ...volumes.filter((_, index) => isOurs(stores[index]))]
  }
  return {
    title: 'Remove the machine',
    async check() {
      const found = await present()
      return found.length === 0
        ? undefined
        : {summary: `remove ${found.join(', ')}`, disturbs: 'machine or cluster is recreated'}
    },
    async apply() {
      for (const name of await present()) {
        if (name === container) await docker.removeContainer(name)
        else await docker.removeVolume(name)
      }
      if (image !== undefined) await docker.removeImage((await image()).tag)
    },
  }
}
