import type {Files} from '../../../host/files/files.js'
import type {Step} from '../../../steps/step.js'

/** Forgets the hub: the applied spec, whose it is and what was set aside beside it. `beside`: what a killed jhub may have left next to it. Only our own files; the directory goes when it is empty. */
export function removeState(files: Files, directory: string, beside: readonly string[]): Step {
  const ours = async () =>
    ((await files.list(directory)) ?? []).filter((name) =>
      /^(?:applied\.yaml|cards\.json|owner\.json|passwords\.json|reset-[\da-f]{16}\.json|stopped\.json|.+\.damaged-\d+)$/.test(
        name,
      ),
    )
  const found = async () => {
    const all = await Promise.all(beside.map(async (place) => ((await files.stat(place)) === undefined ? [] : [place])))
    return [...(await ours()).map((name) => `${directory}/${name}`), ...all.flat()]
  }
  const isThere = async () => (await files.list(directory))?.length === 0 || (await found()).length > 0
  return {
    title: 'Forget the hub',
    async check() {
      return (await isThere()) ? {summary: `remove ${directory}`, disturbs: 'live'} : undefined
    },
    async apply() {
      for (const place of await found()) await files.remove(place)
      if ((await files.list(directory))?.length === 0) await files.remove(directory)
    },
  }
}
