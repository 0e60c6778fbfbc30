import {readFileSync} from 'node:fs'
import {text} from 'node:stream/consumers'
import {JhubError, messageOf} from '../../errors.js'

/** Names from the command line; `-` stands for those on standard input, one a line or separated by spaces and commas. */
export async function readNames(words: readonly string[]): Promise<readonly string[]> {
  const names: string[] = []
  for (const word of words) names.push(...(word === '-' ? splitNames(await text(process.stdin)) : [word]))
  if (names.length === 0) throw new JhubError('JHUB-E100', 'No names were given', {fix: 'jhub user add ana ben'})
  return names
}

export function splitNames(input: string): readonly string[] {
  return input
    .split('\n')
    .map((line) => line.replace(/#.*$/, ''))
    .flatMap((line) => line.split(/[\s,;]+/))
    .filter((name) => name !== '')
}

/** Passwords from a file: lines of `name:password`, or only the password where there is one name. Throws `JHUB-E100`. */
export async function readPasswordFile(
  path: string | undefined,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (path === undefined) return new Map()
  const lines = (await readText(path)).split('\n').filter((line) => line.trim() !== '')
  const [only] = names
  if (names.length === 1 && lines.length === 1 && only !== undefined) {
    const line = lines[0] ?? ''
    return new Map([[only, line.startsWith(`${only}:`) ? line.slice(only.length + 1) : line]])
  }
  const pairs = lines.map((line, index): [string, string] => {
    const colon = line.indexOf(':')
    if (colon < 1) throw new JhubError('JHUB-E100', `${path}:${String(index + 1)} is not name:password`)
    return [line.slice(0, colon).trim(), line.slice(colon + 1)]
  })
  const strangers = pairs.filter(([name]) => !names.includes(name)).map(([name]) => name)
  if (strangers.length > 0)
    throw new JhubError('JHUB-E100', `${path} has a password for ${strangers.join(', ')}, who are not named`)
  return new Map(pairs)
}

async function readText(path: string): Promise<string> {
  if (path === '-') return text(process.stdin)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new JhubError('JHUB-E100', `${path} cannot be read: ${messageOf(error)}`, {cause: error})
  }
}
