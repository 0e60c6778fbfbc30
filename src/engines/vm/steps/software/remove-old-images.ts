import {imagePrefix} from '../../packages/environments.js'
import path from 'node:path'
import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'
import {removeFound} from '../removal/remove-found.js'
import {lockFileOf, readImageRecords} from '../../images/vm-image-records.js'
import {environmentPath} from '../../packages/environments.js'

/** Removes builds of images to which nobody can go back, when no server runs from them. */
export function removeOldImages(machine: Machine): Step {
  const {files, layout, supervisor} = machine
  const leftovers = async () => {
    const records = await readImageRecords(machine)
    const kept = [...records].flatMap(([name, locks]) =>
      locks.map((lock) => environmentPath(machine, `${imagePrefix}${name}`, lockFileOf(lock))),
    )
    const there = ((await files.list(layout.environments)) ?? []).filter((name) => name.startsWith(imagePrefix))
    if (there.length === 0) return []
    const keep = new Set([...kept, ...(await supervisor.environmentsInUse())])
    return there.map((name) => path.posix.join(layout.environments, name)).filter((each) => !keep.has(each))
  }
  return removeFound(files, {title: 'Remove old builds of images', kindOf: () => 'image build', find: leftovers})
}
