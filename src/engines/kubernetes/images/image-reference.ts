import {createHash} from 'node:crypto'
import type {ImageLock} from '../../../hub-spec/images/image-lock.js'

/** Where a hub's images have their names: at no registry, so that no node downloads anything of that name. */
export function repositoryOf(hubName: string): string {
  return `localhost/jhub/${hubName}`
}

/** What an image is called by what is in it: its base and its packages. */
export function referenceOf(hubName: string, name: string, {base, packages}: ImageLock): string {
  return `${repositoryOf(hubName)}:${name}-${shortHash(JSON.stringify([base, packages]))}`
}

/** Twelve hexadecimal digits of a text's sha256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
