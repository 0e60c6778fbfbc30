import {isSeq, Scalar, YAMLSeq, type Document, type YAMLMap} from 'yaml'
import {editDocument} from './edit-document.js'
import {groupNode} from './edit-groups.js'
import {requireImage, type ImageScope} from './edit-images.js'
import {userNode} from './edit-users.js'
import {keyText} from './user-nodes.js'

/** The text in which everybody, a group or a person can choose this image too. Throws `JHUB-E302` for what is not in it. */
export function offerImage(source: string, name: string, scope: ImageScope): string {
  return editDocument(source, (document) => {
    requireImage(document, name)
    const holder = choiceHolder(document, scope)
    const list: unknown = holder.get('choose', true)
    if (!isSeq(list)) {
      const made = new YAMLSeq()
      made.flow = true
      made.items = [new Scalar(name)]
      holder.set('choose', made)
    } else if (!list.items.some((item) => keyText(item) === name)) list.add(new Scalar(name))
  })
}

/**
 * The text in which they cannot choose this image; without a name, none, so that the next wider list counts. Throws
 * `JHUB-E302` for what is not in it.
 */
export function withdrawImage(source: string, name: string | undefined, scope: ImageScope): string {
  return editDocument(source, (document) => {
    if (name !== undefined) requireImage(document, name, [])
    const holder = choiceHolder(document, scope)
    const list: unknown = holder.get('choose', true)
    if (!isSeq(list)) return
    list.items = name === undefined ? [] : list.items.filter((item) => keyText(item) !== name)
    if (list.items.length === 0) holder.delete('choose')
  })
}

function choiceHolder(document: Document, scope: ImageScope): Document | YAMLMap {
  if (scope.kind === 'default') return document
  return scope.kind === 'user' ? userNode(document, scope.name) : groupNode(document, scope.name)
}
