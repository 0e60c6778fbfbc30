import path from 'node:path'
import type {Step} from '../../../../steps/step.js'
import {imagePrefix} from '../../packages/environments.js'
import type {Machine} from '../../machines/machine.js'
import {removeFound} from './remove-found.js'

/**
 * Removes environments and configurations that nothing names any more. An environment from which a server still runs stays
 * until that server has ended. Builds of images are not looked at.
 */
export function removeLeftovers(machine: Machine, kept: () => Promise<readonly string[]>): Step {
  const {files, layout, supervisor} = machine
  const leftovers = async () => {
    const keep = new Set([...(await kept()), ...(await supervisor.environmentsInUse())])
    const found = await Promise.all(
      [layout.environments, layout.configurations].map(async (parent) =>
        ((await files.list(parent)) ?? []).map((name) => path.posix.join(parent, name)),
      ),
    )
    return found
      .flat()
      .filter((directory) => !keep.has(directory) && !path.posix.basename(directory).startsWith(imagePrefix))
  }
  const step = removeFound(files, {
    title: 'Remove what is no longer used',
    kindOf: (directory) => (path.posix.dirname(directory) === layout.environments ? 'environment' : 'configuration'),
    find: leftovers,
  })
  return {
    ...step,
    check: async () => ((await supervisor.status('hub')).state === 'stopped' ? undefined : step.check()),
  }
}
