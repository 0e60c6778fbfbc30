import {stripVTControlCharacters} from 'node:util'

/** Control characters but line ends and tabs, and marks that turn the direction of writing. */

const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g
const raw = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A text for a terminal: whatever a name, a log or an error has in it, it colours, moves and hides nothing. */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replace(unprintable, '')
}

/** JSON for a terminal: what JSON leaves as it is and a terminal follows is escaped. */
export function printableJson(json: string): string {
  return json.replace(raw, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
