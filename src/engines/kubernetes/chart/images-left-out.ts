import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {profileValues} from './profile-values.js'

type Images = Pick<HubSpec, 'image' | 'images' | 'choose' | 'groups' | 'users'>

/** Images that somebody has or can choose by the spec, and nobody by the exported values. */
export function imagesLeftOut(spec: Images): readonly string[] {
  const {image, choose = [], images, groups, users} = spec
  const rules = [{image, choose}, ...groups.values(), ...users.values()]
  const used = new Set(
    rules.flatMap((rule) => [...(rule.image === undefined ? [] : [rule.image]), ...(rule.choose ?? [])]),
  )
  const isOffered = Object.keys(profileValues(spec)).length > 0
  const isGiven = (name: string) =>
    (name === image && images.get(name)?.recipe.by === 'oci') || (isOffered && choose.includes(name))
  return [...used].filter((name) => !isGiven(name))
}
