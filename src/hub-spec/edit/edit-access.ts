import {isLoopback} from '../access/ip-address.js'
import {editDocument} from './edit-document.js'

/** The text with the hub open to the local network, or to this computer alone; an address that says otherwise goes. */
export function setLan(source: string, lan: boolean): string {
  return editDocument(source, (document) => {
    const address: unknown = document.getIn(['access', 'address'])
    if ((document.getIn(['access', 'lan']) ?? false) !== lan) document.setIn(['access', 'lan'], lan)
    if (typeof address === 'string' && isLoopback(address) === lan) document.deleteIn(['access', 'address'])
  })
}
