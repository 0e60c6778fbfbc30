import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'

/** Takes away the hub's control groups, which by now hold no process. */
export function removeCgroups(
  machine: Pick<Machine, 'files' | 'run'>,
  directories: () => Promise<readonly string[]>,
): Step {
  const present = async () => {
    const found = await Promise.all(
      (await directories()).map(async (path) => ((await machine.files.stat(path)) === undefined ? [] : [path])),
    )
    return found.flat()
  }
  return {
    title: 'Remove the control groups',
    async check() {
      const found = await present()
      return found.length === 0 ? undefined : {summary: `remove ${found.join(', ')}`, disturbs: 'live'}
    },
    async apply({signal}) {
      for (const path of await present()) {
        await machine.run(['find', path, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], {signal})
      }
    },
  }
}
