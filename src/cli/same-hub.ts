import {shellWord} from '../hub-spec/shell-word.js'

/** How the person said which hub is meant; what the environment says counts for the next command too. */
export interface HubFlags {
  readonly file?: string | undefined
  readonly name?: string | undefined
}

/** Adds to each command of the lines `Next:` and `Try:` the flags by which it finds the same hub. */
export function forSameHub(text: string, flags: HubFlags, environment: NodeJS.ProcessEnv = process.env): string {
  const words = hubWords(flags, environment)
  if (words === '') return text
  return text.replaceAll(/^(Next: {2}|Try: {3}| {7})(jhub .*)$/gm, (_, head: string, line: string) => {
    const commands = line.split(' · ').map((command) => addWords(command, words))
    return head + commands.join(' · ')
  })
}

function hubWords({file, name}: HubFlags, environment: NodeJS.ProcessEnv): string {
  if (file !== undefined) return file === environment['JHUB_FILE'] ? '' : ` --file ${shellWord(file)}`
  return name === undefined || name === environment['JHUB_NAME'] ? '' : ` --name ${shellWord(name)}`
}

function addWords(command: string, words: string): string {
  if (/ --(?:file|name|to) /.test(command)) return command
  return command.replace(/^(.*?)(\s+#.*)?$/, (_, typed: string, remark = '') => `${typed}${words}${String(remark)}`)
}
