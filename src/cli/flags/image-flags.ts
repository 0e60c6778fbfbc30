import {Flags} from '@oclif/core'
import type {ImageScope} from '../../hub-spec/edit/edit-images.js'

/** Whose image: nobody named means everybody's. */
export const imageScopeFlags = {
  user: Flags.string({summary: 'For one person.', exclusive: ['group'], helpValue: 'NAME'}),
  group: Flags.string({summary: 'For the members of a group.', exclusive: ['user'], helpValue: 'GROUP'}),
}

/** Not what they have: what they can choose. */
export const chooseFlag = Flags.boolean({summary: 'Images that people can choose when their server starts.'})

/** `everybody`, `the group ta` or `ana`. */
export function scopeWords(scope: ImageScope): string {
  if (scope.kind === 'default') return 'everybody'
  return scope.kind === 'group' ? `the group ${scope.name}` : scope.name
}

/** Whose image the flags mean. */
export function imageScope({
  user,
  group,
}: {
  readonly user?: string | undefined
  readonly group?: string | undefined
}): ImageScope {
  if (user !== undefined) return {kind: 'user', name: user}
  return group === undefined ? {kind: 'default'} : {kind: 'group', name: group}
}
