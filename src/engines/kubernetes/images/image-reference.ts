import {createHash} from 'node:crypto'
import {renderCondaLock} from '../../../hub-spec/images/conda/conda-lock.js'
import type {ImageLock} from '../../../hub-spec/images/image-lock.js'
import type {Build} from './image-delivery.js'

/** Where the images of hubs have their names: at no registry, so that no node downloads anything of that name. */
export const builtHere = 'localhost/jhub/'

/** Where those of one hub have theirs. */
export function repositoryOf(hubName: string): string {
  return `${builtHere}${hubName}`
}

/** What an image is called by what is in it: its base and its packages. */
export function referenceOf(hubName: string, name: string, {base, apt, packages, conda}: ImageLock): string {
  const beside = conda === undefined ? [] : [renderCondaLock(conda)]
  const content = [base, packages, ...(apt === undefined ? [] : [apt]), ...beside]
  return `${repositoryOf(hubName)}:${name}-${shortHash(JSON.stringify(content))}`
}

/** What a lock is made as; without packages it is the image that it names, where that is one of a registry. */
export function buildOf(hubName: string, name: string, lock: ImageLock): Build {
  const reference = referenceOf(hubName, name, lock)
  const {base = '', apt, packages, conda} = lock
  return packages.trim() === '' && apt === undefined && conda === undefined && base.includes('@sha256:')
    ? {reference, source: base}
    : {reference}
}

/** Twelve hexadecimal digits of a text's sha256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
