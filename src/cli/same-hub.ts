import {shellWord} from '../hub-spec/shell-word.js'

/** How the person said which hub is meant; what the environment says counts for the next command too. */
export interface HubFlags {
  readonly file?: string | undefined
  readonly name?: string | undefined
}

interface SameHub {
  readonly flags: HubFlags
  /** The first word of each command that takes these flags. */
  readonly commands: ReadonlySet<string>
  readonly environment?: NodeJS.ProcessEnv
}

/** Where a text names something to type: after seven spaces, at the end of a line after a colon, and in backticks. */
const toType = /(?<=^ {7}|: +)jhub [a-z].*$|(?<=`)jhub [a-z][^`\n]*(?=`)/gm

/** Fields of a result that say what to type or do, as the text does. */
const advice: ReadonlySet<string> = new Set(['fix', 'how', 'notDone', 'afterDown'])

/** Adds to each command that a text names the flags by which it finds the same hub. */
export function forSameHub(text: string, hub: SameHub): string {
  const words = hubWords(hub)
  return words === '' ? text : text.replaceAll(toType, (line) => addToAll(line, words, hub))
}

/** The same for one suggestion, which may be nothing but a command. */
export function suggestionForSameHub(suggestion: string, hub: SameHub): string {
  const label = 'Try:   '
  return forSameHub(`${label}${suggestion}`, hub).slice(label.length)
}

/** The same for a result in JSON: only what is advice changes, never what people or programs wrote. */
export function resultForSameHub(result: unknown, hub: SameHub): unknown {
  if (hubWords(hub) === '') return result
  return JSON.parse(JSON.stringify(result ?? null), (key, value: unknown) =>
    advice.has(key) ? mapTexts(value, (text) => suggestionForSameHub(text, hub)) : value,
  )
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  return Array.isArray(value) ? value.map((each) => mapTexts(each, change)) : value
}

function hubWords({flags: {file, name}, environment = process.env}: SameHub): string {
  if (file !== undefined) return file === environment['JHUB_FILE'] ? '' : ` --file ${shellWord(file)}`
  return name === undefined || name === environment['JHUB_NAME'] ? '' : ` --name ${shellWord(name)}`
}

function addToAll(line: string, words: string, {commands}: SameHub): string {
  return line
    .split(' · ')
    .map((command) => {
      const [, typed = '', verb = '', remark = ''] = /^(jhub (\S+).*?)(\s+#.*)?$/.exec(command) ?? []
      const isSaid = !commands.has(verb) || / --(?:file|name|to|help)(?: |$)/.test(typed)
      return isSaid ? command : `${typed}${words}${remark}`
    })
    .join(' · ')
}
