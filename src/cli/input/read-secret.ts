import {questionText, type Asker} from './ask.js'
import {readText} from './read-text.js'

/** A secret of a file, or of standard input for `-`. Throws `JHUB-E301` when the file is not there. */
export async function readSecretFile(path: string): Promise<string> {
  return (await readText(path)).text
}

/** Has the person type a secret that is not shown; nothing where nobody can be asked. */
export async function askSecret(
  {isInteractive}: Asker,
  what: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!isInteractive) return undefined
  const {password} = await import('@inquirer/prompts')
  return password({message: questionText(`Type or paste ${what}; it is not shown:`)}, {signal, output: process.stderr})
}
