import {definedOnly} from '../../../../defined-only.js'
import {JhubError} from '../../../../errors.js'
import {parseDirectoryBase} from '../../../../hub-spec/images/recipes/directory-base.js'
import type {ImageLock} from '../../../../hub-spec/images/image-lock.js'
import type {StepContext} from '../../../../steps/step.js'
import type {NamedImage} from '../../../images/image-locks.js'
import type {ImageBuilder} from './image-builder.js'

export interface LockedBuild {
  readonly lock: ImageLock
  /** What it is called when it is whole. */
  readonly reference: string
}

/** Makes what a lock says: packages on their base, somebody else's image, or a directory with a Dockerfile. */
export async function buildLocked(
  builder: ImageBuilder,
  [name, {recipe}]: NamedImage,
  {lock: {base, apt, packages, conda}, reference}: LockedBuild,
  context: StepContext,
): Promise<void> {
  if (base === undefined) throw new JhubError('JHUB-E001', `The lock of the image ${name} names no base`)
  const directory = parseDirectoryBase(base)
  if (directory === undefined)
    return builder.build({image: name, base, reference, packages, ...definedOnly({apt, conda})}, context)
  if (recipe.by !== 'build')
    throw new JhubError('JHUB-E302', `The image ${name} was built from a directory that the settings no longer name`, {
      fix: `jhub image update ${name}`,
    })
  const {digest, renewedAt} = directory
  const isFresh = renewedAt !== undefined
  return builder.buildDirectory({image: name, directory: recipe.directory, digest, isFresh, reference}, context)
}
