import type {Step} from '../../../steps/step.js'
import type {Machine} from '../machines/machine.js'

interface Wanted {
  readonly path: string
  readonly mode: number
}

/**
 * The directories of a hub. Where each person has an account of their own, others must be able to pass through (0711) to
 * what is theirs; else everything is ours alone (0700).
 */
export function ensureDirectories(machine: Machine): Step {
  const {layout, files, facts} = machine
  const passable = facts.uid === 0 ? 0o711 : 0o700
  const wanted: readonly Wanted[] = [
    {path: layout.root, mode: passable},
    {path: layout.data, mode: passable},
    {path: layout.environments, mode: facts.uid === 0 ? 0o755 : 0o700},
    {path: layout.configurations, mode: 0o700},
    {path: layout.run, mode: 0o700},
    {path: layout.serverSockets, mode: passable},
    {path: layout.logs, mode: 0o700},
    {path: layout.temporary, mode: passable},
    {path: layout.tools, mode: passable},
    // Everybody who can open a file can lock it, and installing waits for the locks of the caches.
    {path: layout.packageCache, mode: 0o700},
    {path: layout.condaCache, mode: 0o700},
    {path: layout.homes, mode: passable},
    {path: layout.database, mode: 0o700},
  ]
  const made: string[] = []
  const missing = async () => {
    const facts = await Promise.all(
      wanted.map(async (directory) => ({directory, found: await files.stat(directory.path)})),
    )
    return facts.filter(({directory, found}) => found?.kind !== 'directory' || found.mode !== directory.mode)
  }
  return {
    title: 'Make the directories of the hub',
    async check() {
      return (await missing()).length === 0
        ? undefined
        : {summary: `make ${layout.root} and ${layout.data}`, disturbs: 'live'}
    },
    async apply() {
      for (const {directory, found} of await missing()) {
        if (found === undefined) made.push(directory.path)
        await files.makeDirectory(directory.path, {mode: directory.mode})
        await files.setMode(directory.path, directory.mode)
      }
    },
    async undo() {
      for (const path of made.toReversed()) {
        if ((await files.list(path))?.length === 0) await files.remove(path)
      }
    },
  }
}
