import {isMap, isSeq, Scalar, YAMLMap, YAMLSeq, type Document} from 'yaml'
import {JhubError} from '../../errors.js'
import {clusterImageName} from '../images/cluster-image.js'
import {imageNameProblem} from '../images/images-document.js'
import {requirementName} from '../images/recipes/requirement.js'
import {editDocument} from './edit-document.js'
import {groupNode} from './edit-groups.js'
import {insteadOf, notThere} from './not-there.js'
import {userNode} from './edit-users.js'
import {keyText} from './user-nodes.js'

/** A recipe as a person gives it. Files are seen from the spec. */
export interface NewImage {
  readonly packages?: readonly string[] | undefined
  readonly requirements?: string | undefined
  readonly project?: string | undefined
  /** conda's environment.yml. */
  readonly environment?: string | undefined
  /** A directory with a Dockerfile. */
  readonly build?: string | undefined
  /** The reference of a container image. */
  readonly oci?: string | undefined
  /** On which container image packages are installed. */
  readonly base?: string | undefined
  readonly python?: string | undefined
  /** Debian packages. */
  readonly apt?: readonly string[] | undefined
  readonly description?: string | undefined
}

/** Recipes that are one text; of a container image another tag can be named. */
const singles = ['requirements', 'project', 'environment', 'build', 'oci'] as const
const properties = ['base', 'python', 'description'] as const

/** Whose image. */
export type ImageScope = {readonly kind: 'default'} | {readonly kind: 'user' | 'group'; readonly name: string}

/**
 * The text with this image in it; packages, Debian's too, are added to those that it has. Throws `JHUB-E103` for a name that cannot be,
 * `JHUB-E402` where an image of that name has another recipe.
 */
export function addImage(source: string, name: string, image: NewImage): string {
  const problem = imageNameProblem(name)
  if (problem !== undefined)
    throw new JhubError('JHUB-E103', `"${name}" cannot be the name of an image: it ${problem}`, {
      fix: 'jhub image add data --package pandas',
    })
  return editDocument(source, (document) => {
    const images = document.get('images', true)
    const there: unknown = isMap(images) ? images.get(name, true) : undefined
    if (isMap(there)) return extend(there, name, image)
    const node = new YAMLMap()
    if (image.packages !== undefined) node.set('packages', flowList(image.packages))
    for (const key of [...singles, ...properties]) setText(node, key, image[key])
    if (image.apt !== undefined) node.set('apt', flowList([...new Set(image.apt)]))
    if (isMap(images)) images.set(new Scalar(name), node)
    else {
      const made = new YAMLMap()
      made.set(new Scalar(name), node)
      document.set('images', made)
    }
  })
}

function extend(there: YAMLMap, name: string, image: NewImage): void {
  const {packages} = image
  // An image of Debian packages alone takes Python packages too.
  if (packages !== undefined && [...singles, 'packages'].every((key) => !there.has(key)))
    there.set('packages', flowList([]))
  const list: unknown = there.get('packages', true)
  const isOther = (key: (typeof singles)[number]) =>
    image[key] !== undefined && (key === 'oci' ? !there.has(key) : there.get(key) !== image[key])
  if ((packages !== undefined && !isSeq(list)) || singles.some(isOther))
    throw new JhubError('JHUB-E402', `There is an image ${name} already, with another recipe`, {
      fix: [`jhub image show ${name}`, `jhub image remove ${name}`, 'jhub config edit'],
    })
  for (const key of ['oci', ...properties] as const) setText(there, key, image[key])
  addDebianPackages(there, image.apt ?? [])
  if (!isSeq(list)) return
  for (const text of packages ?? []) {
    const wanted = requirementName(text)
    const index = list.items.findIndex((item) => requirementName(keyText(item)) === wanted)
    if (index === -1) list.add(new Scalar(text))
    else if (keyText(list.items[index]) !== text) list.items[index] = new Scalar(text)
  }
}

function addDebianPackages(there: YAMLMap, packages: readonly string[]): void {
  if (packages.length === 0) return
  const list: unknown = there.get('apt', true)
  const known = isSeq(list) ? list.items.map(keyText) : []
  const added = [...new Set(packages)].filter((each) => !known.includes(each))
  if (isSeq(list)) list.items.push(...added.map((each) => new Scalar(each)))
  else there.set('apt', flowList(added))
}

/** YAML would read the text `3.12` as a number, so it stands in quotes. */
function setText(node: YAMLMap, key: string, text: string | undefined): void {
  if (text !== undefined) node.set(key, text)
}

function flowList(texts: readonly string[]): YAMLSeq {
  const list = new YAMLSeq()
  list.flow = true
  list.items = texts.map((text) => new Scalar(text))
  return list
}

/** The text without this image. Throws `JHUB-E302`. */
export function removeImage(source: string, name: string): string {
  return editDocument(source, (document) => {
    const images = requireImage(document, name, [])
    images.items = images.items.filter(({key}) => keyText(key) !== name)
    if (images.items.length === 0) document.delete('images')
  })
}

/** The text in which everybody, a group or a person has this image. Throws `JHUB-E302` for what is not in it. */
export function setImage(source: string, name: string, scope: ImageScope): string {
  return editDocument(source, (document) => {
    requireImage(document, name)
    if (scope.kind === 'default') document.set('image', name)
    else scopeNode(document, scope.kind, scope.name).set('image', name)
  })
}

/** The text in which they have none of their own; the next wider rule counts. Throws `JHUB-E302`. */
export function unsetImage(source: string, scope: ImageScope): string {
  return editDocument(source, (document) => {
    if (scope.kind === 'default') document.delete('image')
    else scopeNode(document, scope.kind, scope.name).delete('image')
  })
}

function scopeNode(document: Document, kind: 'user' | 'group', name: string): YAMLMap {
  return kind === 'user' ? userNode(document, name) : groupNode(document, name)
}

/** The images of the text, this one among them. Throws `JHUB-E302`; `fix` is what can be typed then. */
export function requireImage(
  document: Document,
  name: string,
  fix: readonly string[] = [`jhub image add ${name} --package pandas`],
): YAMLMap {
  const images = document.get('images', true)
  const known = isMap(images) ? images.items.map(({key}) => keyText(key)) : []
  if (isMap(images) && known.includes(name)) return images
  if (name === clusterImageName && document.getIn(['k8s', 'image']) !== undefined)
    throw new JhubError('JHUB-E302', `The image ${name} is what k8s.image names, and is not under images`, {
      fix: 'jhub config edit   # write it under images, with a name of your own',
    })
  throw noSuchImage(name, known, fix)
}

/** `JHUB-E302` for an image that is not in the spec. `fix`: what can be typed besides a look at those that are there. */
export function noSuchImage(name: string, known: readonly string[], fix: readonly string[] = []): JhubError {
  if (name === 'standard')
    return new JhubError('JHUB-E302', 'standard is no image: it is the software that people without an image have', {
      fix: ['jhub image unset --help', 'jhub image list'],
    })
  return new JhubError('JHUB-E302', notThere('image', name, known), {
    fix: insteadOf(name, known, ['jhub image list', ...fix]),
  })
}
