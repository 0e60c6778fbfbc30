import {stripVTControlCharacters} from 'node:util'
import {nearest} from '../../hub-spec/document/nearest.js'

import {orList} from '../../hub-spec/document/or-list.js'
/** What oclif's parser refuses, and for a flag that is not there, those that are. */
interface Refused {
  readonly message: string
  readonly parse?: {readonly input?: {readonly flags?: Readonly<Record<string, unknown>>}}
}

type Sentence = (found: readonly string[], refused: Refused, command: string) => string

/** Of each refusal of oclif's parser: how its text is known, and what a person is told instead. */
const sentences: readonly (readonly [RegExp, Sentence])[] = [
  [/^Missing \d+ required args?:\n([\s\S]*?)(?:\n\n|$)/, ([args = '']) => missing(args)],
  [/^Nonexistent flags?: (.*)/, ([typed = ''], refused) => noSuchFlag(typed, refused)],
  [/^Unexpected arguments?: (.*)/, ([typed = ''], _, command) => `Too much for ${command}: ${typed}`],
  [/^Expected (--\S+?)=(.*) to be one of: (.*)/, ([flag = '', typed = '', all = '']) => notOneOf(flag, typed, all)],
  [
    /^Expected (.*) to be one of: (.*)/,
    ([typed = '', all = '']) => `"${typed}" is not one of ${orList(all.split(', '))}`,
  ],
  [
    /^Flag (--\S+) expects one of these values: (.*)/,
    ([flag = '', all = '']) => `${flag} needs a value: ${orList(all.split(', '))}`,
  ],
  [/^Flag (--\S+) expects a value/, ([flag]) => `${flag ?? ''} needs a value`],
  [
    /^Parsing (--\S+)\s+Expected an integer(?: (greater|less) than or equal to (\S+))? but received: (.*)/,
    ([flag, side, edge, typed]) =>
      `${flag ?? ''} must be a whole number${side === undefined ? '' : `, at ${side === 'less' ? 'most' : 'least'} ${edge ?? ''}`}; it is ${typed ?? ''}`,
  ],
  [/^Parsing (--\S+)\s+([\s\S]*)/, ([flag, why]) => `${flag ?? ''}: ${why ?? ''}`],
  [/^The following errors? occurred:\s+([\s\S]*)/, ([reasons = '']) => withoutTwins(reasons).map(oneReason).join('\n')],
]

/** The sentence for a command line that oclif's parser refused; `command` is what was typed, as `jhub user add`. */
export function usageMessage(refused: Refused, command: string): string {
  // In a terminal, oclif writes the names of flags in colour.
  const text = stripVTControlCharacters(refused.message)
    .replace(/\nSee more help with --help$/, '')
    .trim()
  for (const [known, sentence] of sentences) {
    const found = known.exec(text)
    if (found !== null) return sentence(found.slice(1), refused, command)
  }
  return text
}

/** Each line of the list has a name and what it is. */
function missing(args: string): string {
  return args
    .split(/\n(?=\S)/)
    .map((line) =>
      line.replace(/\s+/g, ' ').replace(/^(\S+) ?(.*)/, (_, name: string, what: string) => told(name, what)),
    )
    .join('\n')
}

/** `what`: what it is, after those that there are, as `(a|b) What it is.` */
function told(name: string, what: string): string {
  const [, all, only = ''] = /^\((\S+\|\S+)\) (.*)\.$/.exec(what) ?? []
  if (all !== undefined) return `${name.toUpperCase()} is missing: ${inSentence(only)}: ${orList(all.split('|'))}`
  return `${name.toUpperCase()} is missing${what === '' ? '' : `: ${inSentence(what)}`}`
}

/** What stands as a sentence in the help. */
function inSentence(text: string): string {
  return text.replace(/^[A-Z](?=[a-z]*[ ,])/, (first) => first.toLowerCase()).replace(/\.$/, '')
}

function noSuchFlag(typed: string, {parse}: Refused): string {
  const flags = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`)
  return typed
    .split(', ')
    .map((flag) => {
      const meant = flags.find((each) => flag.endsWith(each.slice(1))) ?? nearest(flag, flags)
      return `There is no flag ${flag}${meant === undefined ? '' : `; did you mean ${meant}?`}`
    })
    .join('\n')
}

function notOneOf(subject: string, typed: string, all: string): string {
  return `${subject} must be ${orList(all.split(', '))}; it is ${typed}`
}

/** Two flags that exclude each other are told of once, and not once from each side. */
function withoutTwins(reasons: string): readonly string[] {
  const seen = new Set<string>()
  return reasons
    .split(/\n\s*/)
    .filter((reason) => reason !== '')
    .filter((reason) => {
      const pair = (reason.match(/--[\w-]+/g) ?? []).toSorted().join(' ')
      const isNew = pair === '' || !seen.has(pair)
      seen.add(pair)
      return isNew
    })
}

function oneReason(reason: string): string {
  return reason
    .replace(/^Missing required flag (\S+)$/, '--$1 is missing')
    .replace(
      /^Exactly one of the following must be provided: (.*)$/,
      (_, flags: string) => `One of ${flags.split(', ').toSorted().join(' and ')} is missing`,
    )
    .replace(/^(--[\w-]+)(?:=.*)? cannot also be provided when using (--[\w-]+)$/, '$2 and $1 cannot be used together')
}
