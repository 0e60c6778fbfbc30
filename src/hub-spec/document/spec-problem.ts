import {JhubError} from '../../errors.js'
import {onOneLine} from '../on-one-line.js'

/** One thing wrong with a spec file, and where. */
export interface SpecProblem {
  /** As `users.ana.limits.memory`; empty for the whole file. */
  readonly path: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  readonly problem: string
  readonly suggestion?: string
}

const mostShown = 20
const mostOfLine = 300

/** The problems of a file as one error, `JHUB-E101`, in the order of the file; the first in words, all in `details`. */
export function specError(problems: readonly SpecProblem[], fileName: string, fix = 'jhub config edit'): JhubError {
  const sorted = problems.toSorted((one, other) => one.line - other.line || one.column - other.column)
  const count = sorted.length === 1 ? 'a problem' : `${String(sorted.length)} problems`
  const rest = sorted.length - mostShown
  const lines = [...sorted.slice(0, mostShown).map(renderProblem), ...(rest > 0 ? [`  and ${String(rest)} more`] : [])]
  return new JhubError('JHUB-E101', `${fileName} has ${count}:\n${lines.join('\n')}`, {
    fix,
    details: {file: fileName, problems: sorted},
  })
}

/** What an error says of a file; nothing where it is another error than `JHUB-E101`. */
export function problemsOf(error: unknown): readonly SpecProblem[] {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E101') return []
  return (error.details?.['problems'] ?? []) as readonly SpecProblem[]
}

function renderProblem({path, line, column, problem, suggestion}: SpecProblem): string {
  const where = path === '' ? '' : `${path}: `
  const hint = suggestion === undefined ? '' : ` (did you mean "${suggestion}"?)`
  return `  ${String(line)}:${String(column)}  ${shortened(onOneLine(`${where}${problem}${hint}`))}`
}

/** The beginning and the end of a line that nobody reads whole. */
function shortened(text: string): string {
  return text.length <= mostOfLine ? text : `${text.slice(0, mostOfLine / 2)} … ${text.slice(-mostOfLine / 2)}`
}
