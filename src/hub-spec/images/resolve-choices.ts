import type {HubSpec} from '../hub-spec.js'
import {resolveImage} from './resolve-image.js'

/** The name of what jhub itself installs, where images are chosen. No image can have it. */
export const standardImage = ''

type Rules = Pick<HubSpec, 'users' | 'groups' | 'image' | 'images' | 'choose'>

/**
 * Among what a person chooses when their server starts: their own list, else those of their groups together, else everybody's;
 * always with the image that they have without choosing. One alone is no choice.
 */
export function resolveChoices(rules: Rules, userName: string): readonly string[] {
  const given = resolveImage(rules, userName)?.name ?? standardImage
  const listed = listedChoices(rules, userName)
  return listed.includes(given) ? listed : [given, ...listed]
}

function listedChoices({users, groups, choose}: Rules, userName: string): readonly string[] {
  const user = users.get(userName)
  if (user?.choose !== undefined) return user.choose
  const shared = [...groups].flatMap(([name, group]) =>
    user?.groups.includes(name) === true && group.choose !== undefined ? group.choose : [],
  )
  return shared.length > 0 ? [...new Set(shared)] : (choose ?? [])
}

/** The image of a person's next server, when this is what they chose last; `undefined`: what jhub itself installs. */
export function nextImage(rules: Rules, userName: string, chosen: unknown): string | undefined {
  const choices = resolveChoices(rules, userName)
  const name = choices.find((choice) => choice === chosen) ?? resolveImage(rules, userName)?.name
  return name === standardImage ? undefined : name
}
