import {definedOnly} from '../../defined-only.js'
import {offerImage, withdrawImage} from '../../hub-spec/edit/edit-choices.js'
import type {ImageScope} from '../../hub-spec/edit/edit-images.js'
import type {HubContext} from '../session/hub-context.js'
import {changeImages, type ImageChangeResult} from './image-change.js'

/** Lets everybody, a group or a person choose this image when their server starts. Nobody's image changes. */
export async function imageOffer(
  context: HubContext,
  {name, scope, dryRun}: {readonly name: string; readonly scope: ImageScope; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  return changeImages(context, {name, edit: (source) => offerImage(source, name, scope), dryRun})
}

/** Takes an image out of their choice; without a name, all of them. */
export async function imageWithdraw(
  context: HubContext,
  {name, scope, dryRun}: {readonly name?: string; readonly scope: ImageScope; readonly dryRun: boolean},
): Promise<ImageChangeResult> {
  return changeImages(context, {
    ...definedOnly({name}),
    edit: (source) => withdrawImage(source, name, scope),
    dryRun,
  })
}
