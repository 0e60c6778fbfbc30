import type {Files} from '../../../host/files.js'
import type {Step} from '../../../steps/step.js'

/** Keeps a copy of the applied spec with the hub (0600). */
export function keepText(files: Files, file: string, text: string): Step {
  return {
    title: 'Keep the spec with the hub',
    async check() {
      return (await files.read(file)) === text ? undefined : {summary: 'keep the spec with the hub', disturbs: 'live'}
    },
    apply: () => files.write(file, text, {mode: 0o600}),
  }
}
