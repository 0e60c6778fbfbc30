/** Of text at a place where none can be. */
export const misplaced = 'this cannot stand here; check the quotes, brackets and indentation before it'

/** What the parser of YAML found, in words for who wrote the file. */
export function yamlErrorWords({code, message}: {readonly code: string; readonly message: string}): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a second document begins here (---); the file must have only one'
    case 'TAG_RESOLVE_FAILED':
      return 'tags (!…) are not allowed; write the value without it'
    case 'DUPLICATE_KEY':
      return 'this key is given twice'
    case 'KEY_OVER_1024_CHARS':
      return 'a key must have at most 1024 characters'
    case 'RESOURCE_EXHAUSTION':
      return 'there are too many levels, one inside the other'
    case 'TAB_AS_INDENT':
      return 'the line begins with a tab; YAML indents with spaces'
    case 'MULTILINE_IMPLICIT_KEY':
      return noColon
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a value has a second colon: put the value in quotes, or check the indentation of the next line'
    case 'BLOCK_IN_FLOW':
      return 'a comma is missing here, or a } or ] that closes what is open'
    case 'BAD_INDENT':
      return message.startsWith('Flow')
        ? `a ${message.endsWith('}') ? '{' : '['} before this is not closed`
        : 'the line is not indented like the lines beside it'
    case 'BAD_SCALAR_START':
      return `a value that begins with ${message.at(-1) ?? ''} must be in quotes`
    case 'BAD_DQ_ESCAPE':
      return 'between "…", a backslash must be written twice (\\\\)'
    case 'UNEXPECTED_TOKEN':
      return misplaced
    case 'MISSING_CHAR':
      return missing(message)
    default:
      return message.split('\n')[0] ?? message
  }
}

const noColon = 'the key must be followed by a colon and a space (key: value)'

function missing(message: string): string {
  if (message.startsWith('Missing closing'))
    return `a quote (${message.includes('"') ? '"' : "'"}) before this is not closed`
  if (message.startsWith('Implicit')) return noColon
  if (message.startsWith('Missing space')) return 'a space is missing after the colon'
  if (message.startsWith('Comments')) return 'a space is missing before #'
  return 'a comma is missing before this'
}
