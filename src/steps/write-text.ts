import type {Step} from './step.js'

/** The place of a file, as far as a step needs it. */
interface Files {
  read(file: string): Promise<string | undefined>
  write(file: string, text: string, options: {readonly mode: number}): Promise<void>
  remove(file: string): Promise<void>
  list(directory: string): Promise<readonly string[] | undefined>
}

export interface RestorableOptions {
  readonly files: Files
  readonly file: string
  /** Default: 0600. */
  readonly mode?: number
  /** `restore` removes this directory too if nothing is left in it. */
  readonly directory?: string
}

/** A file that a step writes and, when the run fails, restores. */
export interface RestorableFile {
  write(text: string): Promise<void>
  /** Puts back what was there before the first `write`; without one, does nothing. */
  restore(): Promise<void>
}

export function restorableFile({files, file, mode = 0o600, directory}: RestorableOptions): RestorableFile {
  let before: {readonly text: string | undefined} | undefined
  return {
    async write(text) {
      before ??= {text: await files.read(file)}
      await files.write(file, text, {mode})
    },
    async restore() {
      if (before === undefined) return
      if (before.text !== undefined) return files.write(file, before.text, {mode})
      await files.remove(file)
      if (directory !== undefined && (await files.list(directory))?.length === 0) await files.remove(directory)
    },
  }
}

export interface WriteTextOptions extends RestorableOptions {
  readonly title: string
  readonly text: string
  /** The change as `plan` shows it. */
  readonly summary: string
}

/** A step that writes a text file, and disturbs nobody. */
export function writeText({title, text, summary, ...place}: WriteTextOptions): Step {
  const restorable = restorableFile(place)
  return {
    title,
    async check() {
      return (await place.files.read(place.file)) === text ? undefined : {summary, disturbs: 'live'}
    },
    apply: () => restorable.write(text),
    undo: () => restorable.restore(),
  }
}
