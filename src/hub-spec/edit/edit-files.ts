import {editDocument} from './edit-document.js'

/** The text that names this directory as the one of the materials. */
export function setMaterials(source: string, directory: string): string {
  return editDocument(source, (document) => {
    if (document.getIn(['files', 'materials']) !== directory) document.setIn(['files', 'materials'], directory)
  })
}
