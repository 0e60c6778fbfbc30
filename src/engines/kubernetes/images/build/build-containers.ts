import {randomBytes} from 'node:crypto'
import {hubImageLabel, type RunDocker} from '../docker-images.js'
import {volumePlace} from './image-program.js'

/** Containers in which images of one hub are made, and the volume of what they downloaded. */
export interface BuildContainers {
  /** The label of everything that belongs to the hub. */
  readonly label: string
  /** The words that make a container of this hub, with the volume of what was downloaded. */
  madeWith(container: string): readonly string[]
  /** In a container of this run alone, which is gone afterwards. */
  withContainer<T>(work: (container: string) => Promise<T>): Promise<T>
  /** Removes containers of builds that were cut off, whose program has ended since; another run may work in one that runs. */
  removeEnded(): Promise<void>
  /** By name, of all that is there. */
  there(): Promise<{readonly containers: readonly string[]; readonly volumes: readonly string[]}>
}

/** The containers of a hub's builds, by this machine's Docker. */
export function buildContainers(docker: RunDocker, hubName: string): BuildContainers {
  const volume = `jhub-${hubName}-packages`
  const label = `${hubImageLabel}=${hubName}`
  const mount = `type=volume,source=${volume},destination=${volumePlace}`
  /** No hub, and no machine of one, has a name with a dot. */
  const prefix = `jhub.building.${hubName}.`
  const list = async (words: readonly string[], format: string) => {
    const {stdout} = await docker([...words, '--filter', `label=${label}`, '--format', format])
    return stdout.split('\n').filter(Boolean)
  }

  return {
    label,
    madeWith: (container) => ['--name', container, '--label', label, '--user', '0', '--mount', mount],
    async withContainer(work) {
      const container = `${prefix}${randomBytes(6).toString('hex')}`
      await docker(['volume', 'create', '--label', label, volume])
      try {
        return await work(container)
      } finally {
        await docker(['rm', '--force', '--volumes', container], {okExitCodes: [0, 1]})
      }
    },
    async removeEnded() {
      const ended = await list(['ps', '--all', '--filter', 'status=exited'], '{{.Names}}')
      const ours = ended.filter((name) => name.startsWith(prefix))
      if (ours.length > 0) await docker(['rm', '--force', '--volumes', ...ours], {okExitCodes: [0, 1]})
    },
    there: async () => ({
      containers: await list(['ps', '--all'], '{{.Names}}'),
      volumes: await list(['volume', 'ls'], '{{.Name}}'),
    }),
  }
}
