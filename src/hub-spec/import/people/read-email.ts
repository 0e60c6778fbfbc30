export interface EmailRead {
  /** In small letters; absent where the cell has none. */
  readonly email?: string
  /** Others in the same cell. */
  readonly others?: readonly string[]
  /** The cell has something else. */
  readonly isOther?: true
}

const address = /^[^\s@"<>,;:/\\|]+@[^\s@"<>,;:/\\|]+$/u

/** The e-mail address of a cell: `mailto:ana@uni.example`, `Ana López <ana@uni.example>`, or the first of several. */
export function readEmail(text: string): EmailRead {
  if (text === '') return {}
  const inBrackets = [...text.matchAll(/<([^<>\s]+)>/g)].map(([, inside]) => inside ?? '')
  const words = inBrackets.length > 0 ? inBrackets : text.split(/\s(?:and|or|und|oder|et|ou|y|o)\s|[\s,;|/]+/u)
  const found = words.filter((word) => word !== '').map((word) => word.replace(/^mailto:/i, '').toLowerCase())
  const [email, ...others] = [...new Set(found)]
  if (email === undefined || !found.every((word) => address.test(word))) return {isOther: true}
  return others.length === 0 ? {email} : {email, others}
}
