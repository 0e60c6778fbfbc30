import type {Files} from '../../../host/files.js'
import type {Step} from '../../../steps/step.js'

/** Keeps a copy of the applied spec with the hub (0600). */
export function keepText(files: Files, file: string, text: string): Step {
  let before: string | undefined
  let isWritten = false
  return {
    title: 'Keep the spec with the hub',
    async check() {
      return (await files.read(file)) === text ? undefined : {summary: 'keep the spec with the hub', disturbs: 'live'}
    },
    async apply() {
      before = await files.read(file)
      isWritten = true
      await files.write(file, text, {mode: 0o600})
    },
    async undo() {
      if (!isWritten) return
      if (before === undefined) await files.remove(file)
      else await files.write(file, before, {mode: 0o600})
    },
  }
}
