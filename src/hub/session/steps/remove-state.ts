import type {Files} from '../../../host/files/files.js'
import {isUnfinished} from '../../../host/files/unfinished-file.js'
import type {Step} from '../../../steps/step.js'

export interface KeptState {
  /** The hub's own in the state directory. */
  readonly directory: string
  /** What a killed jhub may have left next to it. */
  readonly beside: readonly string[]
  /** With the people, the names of those that a rehearsal made up go too. */
  readonly deleteData: boolean
}

const kept =
  /^(?:applied\.yaml|cards\.json|owner\.json|passwords\.json|reset-[\da-f]{16}\.json|stopped\.json|.+\.damaged-\d+)$/

/** Forgets the hub: the applied spec, whose it is and what was set aside beside it. Only our own files; the directory goes when it is empty. */
export function removeState(files: Files, {directory, beside, deleteData}: KeptState): Step {
  const isOurs = (name: string) => kept.test(name) || isUnfinished(name) || (deleteData && name === 'rehearsal.json')
  const found = async () => {
    const ours = ((await files.list(directory)) ?? []).filter(isOurs).map((name) => `${directory}/${name}`)
    const all = await Promise.all(beside.map(async (place) => ((await files.stat(place)) === undefined ? [] : [place])))
    return [...ours, ...all.flat()]
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
