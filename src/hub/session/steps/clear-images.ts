import path from 'node:path'
import type {Engine} from '../../../engines/engine.js'
import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {parseImageLock} from '../../../hub-spec/images/image-lock.js'
import {imageOfLock, locksDirectory} from '../../../hub-spec/images/images-spec.js'
import {listNames} from '../../../jupyterhub/list-names.js'
import {flattenSteps, type Step} from '../../../steps/step.js'

export interface Cleared {
  /** The settings file, beside which lock files are. */
  readonly file: string
  /** Where lock files stand. */
  readonly files: Files
  readonly engine: Engine
  readonly spec: HubSpec
}

/** What nobody can have any more of images. It comes after everything else: a server may run from an old build until then. */
export function clearImages({file, files, engine, spec}: Cleared): readonly Step[] {
  return [removeLocks(files, path.dirname(path.resolve(file)), spec), ...flattenSteps(engine.images?.clear(spec) ?? [])]
}

/** The lock files of images that are not in the spec, also of those that a run which was killed took out. */
function removeLocks(files: Files, beside: string, {name: hubName, mode, images}: HubSpec): Step {
  const directory = path.join(beside, locksDirectory(hubName))
  const find = async () => {
    const gone = ((await files.list(directory)) ?? []).filter((fileName) => {
      const image = imageOfLock(fileName, mode)
      return image !== undefined && !images.has(image)
    })
    const found = gone.map((fileName) => path.join(directory, fileName))
    const locks = await Promise.all(found.map(async (lock) => parseImageLock(await files.read(lock))))
    return found.filter((_, index) => locks[index] !== undefined)
  }
  return {
    title: 'Remove the locks of images that are gone',
    async check() {
      const locks = await find()
      return locks.length === 0 ? undefined : {summary: `remove ${listNames(locks)}`, disturbs: 'live'}
    },
    async apply() {
      await Promise.all((await find()).map((lock) => files.remove(lock)))
    },
  }
}
