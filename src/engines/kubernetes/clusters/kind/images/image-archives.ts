import type {Host} from '../../../../../host/host.js'
import type {CommandResult} from '../../../../../host/processes/commands.js'
import {requireImage} from '../../../images/docker-images.js'
import {translateDockerError} from '../../docker-error.js'
import type {ImageArchives} from '../../cluster.js'
import {findLocalImages} from './local-images.js'
import {platformWords} from './send-to-node.js'

/** Several gigabytes, on a slow disk. */
const archiveMs = 3_600_000

/** By `docker save`, which writes the layers that images share once, and `docker load`. */
export function imageArchives(
  {commands, system}: Pick<Host, 'commands' | 'system'>,
  docker: (words: readonly string[], signal?: AbortSignal) => Promise<CommandResult>,
): ImageArchives {
  const patient = async (words: readonly string[], signal: AbortSignal) => {
    try {
      await commands.run(['docker', ...words], {signal, timeoutMs: archiveMs})
    } catch (error) {
      throw translateDockerError(error)
    }
  }
  return {
    platform: system.platform,
    here: (images) => findLocalImages(commands, images),
    async save(images, file, signal) {
      for (const {reference} of images)
        await requireImage((words, options = {}) => commands.run(['docker', ...words], options), reference, {signal})
      const renamed = images.filter(({name, reference}) => name !== reference)
      try {
        for (const {name, reference} of renamed) await docker(['tag', reference, name], signal)
        await patient(
          ['save', ...(await platformWords(docker)), '--output', file, ...images.map(({name}) => name)],
          signal,
        )
      } finally {
        for (const {name} of renamed) await commands.run(['docker', 'image', 'rm', name], {okExitCodes: [0, 1]})
      }
    },
    load: (file, signal) => patient(['load', '--quiet', '--input', file], signal),
  }
}
