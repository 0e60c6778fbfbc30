import {escaped} from '../../../hub-spec/escaped.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Values} from './chart-values.js'

/** No image can have this name. */
const standardSlug = 'Standard'

/**
 * Profiles of KubeSpawner for the images among which everybody chooses, with the one that they have anyway. Nothing where one
 * of them has to be built: only a container image of others is there without jhub.
 */
export function profileValues({image, images, choose}: Pick<HubSpec, 'image' | 'images' | 'choose'>): Values {
  if (choose === undefined) return {}
  const names = image !== undefined && choose.includes(image) ? choose : [image, ...choose]
  const profiles = names.flatMap((name) => {
    const profile = name === undefined ? {display_name: 'Standard', slug: standardSlug} : profileOf(name, images)
    return profile === undefined ? [] : [{...profile, ...(name === image ? {default: true} : {})}]
  })
  return profiles.length === names.length ? {singleuser: {profileList: profiles}} : {}
}

function profileOf(name: string, images: HubSpec['images']): Values | undefined {
  const found = images.get(name)
  if (found?.recipe.by !== 'oci') return undefined
  return {
    // KubeSpawner's page takes HTML.
    display_name: escaped(found.description ?? name),
    slug: name,
    kubespawner_override: {image: found.recipe.reference},
  }
}
