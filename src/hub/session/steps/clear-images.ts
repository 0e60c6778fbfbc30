import path from 'node:path'
import type {Engine} from '../../../engines/engine.js'
import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {parseImageLock} from '../../../hub-spec/images/image-lock.js'
import {flattenSteps, type Step} from '../../../steps/step.js'

export interface Cleared {
  /** The settings file, beside which the lock files of `before` are. */
  readonly file: string
  /** Where lock files stand. */
  readonly files: Files
  readonly engine: Engine
  /** What the spec said until then; `undefined` where that is not known. */
  readonly before: HubSpec | undefined
  readonly next: HubSpec
}

/** What nobody can have any more of images. It comes after everything else: a server may run from an old build until then. */
export function clearImages({file, files, engine, before, next}: Cleared): readonly Step[] {
  return [...removeLocks(files, locksOf(file, before), next), ...flattenSteps(engine.images?.clear(next) ?? [])]
}

/** Where the lock file of each image is: what was applied names it as seen from the settings file. */
function locksOf(file: string, before: HubSpec | undefined): ReadonlyMap<string, string> {
  const places = [...(before?.images ?? [])].map(([name, {lockFile}]) => [name, lockFile] as const)
  return new Map(places.map(([name, lockFile]) => [name, path.resolve(path.dirname(file), lockFile)]))
}

/** The lock files of images that were taken out of the spec. */
function removeLocks(files: Files, locks: ReadonlyMap<string, string>, next: HubSpec): readonly Step[] {
  return [...locks]
    .filter(([name]) => !next.images.has(name))
    .map(([name, lockFile]) => ({
      title: `Remove the lock of the image ${name}`,
      async check() {
        const isOurs = parseImageLock(await files.read(lockFile)) !== undefined
        return isOurs ? {summary: `remove ${lockFile}`, disturbs: 'live'} : undefined
      },
      apply: () => files.remove(lockFile),
    }))
}
