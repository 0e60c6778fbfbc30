import {parseDocument, stringify} from 'yaml'
import {specError} from './spec-problem.js'

export function renderYaml(value: unknown): string {
  return stringify(value, {lineWidth: 0})
}

/** Keys with values from a YAML text of somebody else's. Throws `JHUB-E101`. */
export function readYamlMap(text: string, fileName: string): Readonly<Record<string, unknown>> {
  const document = parseDocument(text, {logLevel: 'silent', prettyErrors: false})
  const [error] = document.errors
  if (error !== undefined) throw specError([{path: '', line: 1, column: 1, problem: error.message}], fileName)
  const value: unknown = document.toJS({maxAliasCount: 100})
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw specError([{path: '', line: 1, column: 1, problem: 'the file must be keys with values'}], fileName)
}
