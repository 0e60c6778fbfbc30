import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {JhubError} from '../../errors.js'

/** Where no editor is named: what Debian calls its default, then what most systems have. */
const usual = ['editor', 'nano', 'vim', 'vi']

/**
 * Opens a file in `$VISUAL` or `$EDITOR`, and waits for its end. Throws `JHUB-E201` when the editor cannot be started,
 * `JHUB-E130` when it ended with an error, as `:cq` does in vim.
 */
export async function editFile(file: string, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const named = environment['VISUAL'] || environment['EDITOR']
  const candidates = named === undefined || named === '' ? usual.map((program) => [program]) : [splitWords(named)]
  for (const [program = '', ...words] of candidates) {
    const code = await run(program, [...words, file])
    if (code === 0) return
    if (code !== 'missing')
      throw new JhubError('JHUB-E130', `The editor ${program} ended with an error (exit code ${String(code)})`, {
        fix: 'jhub config edit',
      })
  }
  throw new JhubError('JHUB-E201', `There is no editor ${candidates.map(([program]) => program).join(', ')} here`, {
    fix: ['EDITOR=nano jhub config edit', 'jhub config path   # edit that file with any program; then: jhub plan'],
  })
}

/** `code --wait`; a part in quotes stays together. */
function splitWords(text: string): readonly string[] {
  return (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
}

async function run(program: string, words: readonly string[]): Promise<number | 'missing'> {
  const child = spawn(program, words, {stdio: 'inherit'})
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    return code ?? (signal === null ? 0 : 1)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EACCES') return 'missing'
    throw error
  }
}
