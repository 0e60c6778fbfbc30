import type {ImageScope} from '../../../hub-spec/edit/edit-images.js'
import {scopeWords} from '../../flags/image-flags.js'

/** What is said when the rule of everybody, a group or a person is gone. */
export function renderUnset(scope: ImageScope): string {
  return scope.kind === 'default'
    ? 'Removed the image rule for everybody. Without a rule, a server has the software that jhub itself installs.'
    : `Removed the image rule for ${scopeWords(scope)}. The next wider rule applies when their server next starts.`
}

/** What is said when they can no longer choose this image, or, without a name, any by this rule. */
export function renderWithdrawn(scope: ImageScope, name?: string): string {
  return `Stopped offering ${name === undefined ? 'images' : `the image ${name}`} to ${scopeWords(scope)}.`
}
