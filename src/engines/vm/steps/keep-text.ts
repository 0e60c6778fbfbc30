import type {Files} from '../../../host/files/files.js'
import type {Step} from '../../../steps/step.js'

export interface KeptText {
  readonly file: string
  readonly text: string
  /** To follow "keep": `the spec`. */
  readonly what: string
}

/** Keeps a text with the hub (0600). */
export function keepText(files: Files, {file, text, what}: KeptText): Step {
  let before: string | undefined
  let isWritten = false
  return {
    title: `Keep ${what} with the hub`,
    async check() {
      return (await files.read(file)) === text ? undefined : {summary: `keep ${what} with the hub`, disturbs: 'live'}
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
