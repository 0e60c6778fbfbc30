import {JhubError} from '../../errors.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {imageUse, type ImageUse} from '../../hub-spec/images/resolve-image.js'
import {listNames} from '../../jupyterhub/list-names.js'

/** Throws `JHUB-E405` for an image that somebody has, can choose, or has a server running from. */
export function requireUnused(spec: HubSpec, name: string, running: readonly string[]): void {
  const {choose, ...given} = imageUse(spec, name)
  const uses = [
    ...describe(given, 'has it'),
    ...describe(choose, 'can choose it'),
    ...(running.length === 0
      ? []
      : [`the running ${running.length === 1 ? 'server' : 'servers'} of ${listNames(running)}`]),
  ]
  if (uses.length === 0) return
  throw new JhubError('JHUB-E405', `The image ${name} is in use: ${uses.join('; ')}. Nothing was changed`, {
    fix: [
      ...commands('jhub image unset', given),
      ...commands(`jhub image unset ${name} --choose`, choose),
      ...(running.length === 0 ? [] : [`jhub server stop ${running.join(' ')}`]),
    ],
  })
}

function describe({everybody, groups, users}: ImageUse, does: 'has it' | 'can choose it'): readonly string[] {
  const named = [...groups.map((group) => `the group ${group}`), ...users]
  const who = [...(everybody ? ['everybody'] : []), ...named]
  const [only] = who
  if (only === undefined) return []
  return [`${inASentence(who)} ${who.length === 1 || does !== 'has it' ? does : 'have it'}`]
}

/** `everybody and the group ta`; many are shortened as elsewhere. */
function inASentence(who: readonly string[]): string {
  return who.length <= 3 ? listOfAll.format(who) : listNames(who)
}

const listOfAll = new Intl.ListFormat('en')

function commands(verb: string, {everybody, groups, users}: ImageUse): readonly string[] {
  return [
    ...(everybody ? [verb] : []),
    ...groups.map((group) => `${verb} --group ${group}`),
    ...users.map((user) => `${verb} --user ${user}`),
  ]
}
