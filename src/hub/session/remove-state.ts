import type {Files} from '../../host/files.js'
import type {Step} from '../../steps/step.js'

/** Forgets the hub: the applied spec, whose it is and what was set aside beside it. Only our own files; the directory goes when it is empty. */
export function removeState(files: Files, directory: string): Step {
  const ours = async () =>
    ((await files.list(directory)) ?? []).filter((name) =>
      /^(?:applied\.yaml|owner\.json|passwords\.json|stopped\.json|.+\.damaged-\d+)$/.test(name),
    )
  const isThere = async () => (await files.list(directory))?.length === 0 || (await ours()).length > 0
  return {
    title: 'Forget the hub',
    async check() {
      return (await isThere()) ? {summary: `remove ${directory}`, disturbs: 'live'} : undefined
    },
    async apply() {
      for (const name of await ours()) await files.remove(`${directory}/${name}`)
      if ((await files.list(directory))?.length === 0) await files.remove(directory)
    },
  }
}
