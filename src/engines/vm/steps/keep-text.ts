import type {Files} from '../../../host/files/files.js'
import {writeText} from '../../../steps/write-text.js'
import type {Step} from '../../../steps/step.js'

export interface KeptText {
  readonly file: string
  readonly text: string
  /** To follow "keep": `the spec`. */
  readonly what: string
}

/** Keeps a text with the hub (0600). */
export function keepText(files: Files, {file, text, what}: KeptText): Step {
  return writeText({title: `Keep ${what} with the hub`, summary: `keep ${what} with the hub`, files, file, text})
}
