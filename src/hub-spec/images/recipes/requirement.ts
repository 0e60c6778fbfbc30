/** A package as pip writes it: name, extras, versions, and after ";" when it is wanted (PEP 508). */
const requirementPattern =
  /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[A-Za-z0-9._,\s-]*\])?\s*(?:\(?\s*(?:===|~=|[=!<>]=|[<>])\s*[A-Za-z0-9.*+!_-]+\s*(?:,\s*(?:===|~=|[=!<>]=|[<>])\s*[A-Za-z0-9.*+!_-]+\s*)*\)?)?\s*(?:;[^\n\r#]*)?$/

/** Why a text is not a package that an image can have; `undefined` when it is one. */
export function requirementProblem(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return 'is empty; write the name of a package'
  if (trimmed.startsWith('-'))
    return `"${withoutPassword(trimmed)}" is an option of pip; only packages are allowed here`
  if (/^[a-z+]+:\/\//i.test(trimmed) || / @ |@\s*[a-z+]+:/i.test(trimmed))
    return `"${withoutPassword(trimmed)}" comes from an address, not from the package index, so it has no hash to check it by; use a package from the index`
  if (/^[./~]/.test(trimmed) || /\.(?:whl|tar\.gz|zip)$/.test(trimmed))
    return `"${trimmed}" is a file; use a package from the index`
  const single = /^([A-Za-z0-9._-]+)\s*=\s*([^=\s].*)$/.exec(trimmed)
  if (single !== null) return `"${trimmed}" cannot be read; write ${single[1] ?? ''}==${single[2] ?? ''}`
  return requirementPattern.test(trimmed) ? undefined : `"${trimmed}" cannot be read; write it as pandas or pandas>=2.2`
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/\s@]*@/g, '//***@')
}

/** The name of the package that a text asks for, as the index compares names. */
export function requirementName(text: string): string {
  return normalName(requirementPattern.exec(text.trim())?.[1] ?? text.trim())
}

/**
 * The packages of a requirements file that it names with their hashes, as a lock has them; `undefined` where it names none. A
 * lock with them installs no other file, as pip does not.
 */
export function requirementHashes(text: string): string | undefined {
  const entries = requirementLines(text).flatMap(({text: each, hashes}) => {
    const version = /===?\s*([^\s;,]+)/.exec(each)?.[1]
    const isPinned = version !== undefined && hashes.length > 0
    return isPinned ? [[`${requirementName(each)}==${version}`, ...hashes].join(' \\\n    --hash=')] : []
  })
  return entries.length === 0 ? undefined : entries.join('\n')
}

/** Names of packages differ in nothing but letters and digits (PEP 503). */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

export interface RequirementLine {
  /** From 1. */
  readonly line: number
  readonly text: string
  /** `sha256:…` */
  readonly hashes: readonly string[]
}

const hashOption = /\s+--hash[= ](\S+)/g

/** The packages of a requirements file, with what it wrote over several lines in one, without comments. */
export function requirementLines(text: string): readonly RequirementLine[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const found: RequirementLine[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1
    let whole = lines[index] ?? ''
    while (/\\\s*$/.test(whole) && index + 1 < lines.length) {
      index += 1
      whole = `${whole.replace(/\\\s*$/, ' ')}${lines[index] ?? ''}`
    }
    const code = whole.replace(/(^|\s)#.*$/, '')
    const hashes = [...code.matchAll(hashOption)].map(([, hash = '']) => hash)
    const bare = code.replace(hashOption, '').trim()
    if (bare !== '') found.push({line, text: bare, hashes})
  }
  return found
}
