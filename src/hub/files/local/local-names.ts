import {numberedNames} from './numbered-names.js'

/** Bytes that every file system takes as one name, with room for what is added beside it. */
const longestName = 200
/** What some system cannot have in a name, and what is not seen. Joiners between letters are part of some scripts. */
const bad = /(?![\u200c\u200d])[\p{C}<>:"/\\|?*]/gu
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/i

/**
 * Where files of somebody else may stand below a directory of this computer, by their path there: names that every system
 * takes, no hidden ones, and no two that one system takes for the same.
 */
export function localNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const root = newDirectory()
  return new Map(paths.map((each) => [each, place(root, each.split('/'))]))
}

interface Directory {
  /** By the name there: the name here. */
  readonly names: Map<string, string>
  readonly below: Map<string, Directory>
  /** The next free name, as a system sees them that tells fewer of them apart. */
  readonly free: (safe: string) => string
}

function newDirectory(): Directory {
  const numbered = (name: string, number: number) => withSuffix(name, `~${String(number)}`)
  return {names: new Map(), below: new Map(), free: numberedNames(numbered, keyOf)}
}

function place(directory: Directory, [first = '', ...rest]: readonly string[]): string {
  const name = directory.names.get(first) ?? newName(directory, first)
  if (rest.length === 0) return name
  const below = directory.below.get(first) ?? newDirectory()
  directory.below.set(first, below)
  return `${name}/${place(below, rest)}`
}

function newName({names, free}: Directory, there: string): string {
  const name = free(safeName(there))
  names.set(there, name)
  return name
}

function keyOf(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase()
}

/** One name that every system takes and none hides. */
export function safeName(name: string): string {
  const plain = name.toWellFormed().replace(bad, '_').replaceAll('\uFFFD', '_').replace(/^[. ]/, '_')
  const shown = plain === '' ? '_' : devices.test(plain) ? `_${plain}` : plain
  return shorten(shown).replace(/[. ]$/, '_')
}

/** `hw1 (2).ipynb`: a suffix before the ending of a name. */
export function withSuffix(name: string, suffix: string): string {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? `${name}${suffix}` : `${name.slice(0, dot)}${suffix}${name.slice(dot)}`
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= longestName) return name
  const ending = /\.[^.]{1,12}$/.exec(name)?.[0] ?? ''
  let stem = ''
  let room = longestName - Buffer.byteLength(ending)
  for (const letter of name.slice(0, name.length - ending.length)) {
    room -= Buffer.byteLength(letter)
    if (room < 0) break
    stem += letter
  }
  return stem + ending
}
