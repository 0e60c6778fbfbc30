import {definedOnly} from '../defined-only.js'
import {JhubError} from '../errors.js'

/** What is run of a notebook. */
export interface Notebook {
  /** Its file name, as people see it. */
  readonly name: string
  /** The text of each cell of code, in order; at least one. */
  readonly cells: readonly string[]
  /** The kernel that the notebook names; absent: the server's default. */
  readonly kernel?: string
}

/** What is run where no notebook is given: a kernel starts and answers. */
export const smallestNotebook: Notebook = {name: 'one cell, 1 + 1', cells: ['1 + 1']}

/** Reads a notebook of format 4 (`.ipynb`). Throws `JHUB-E100` with what is wrong with it. */
export function parseNotebook(text: string, name: string): Notebook {
  const refuse = (why: string) =>
    new JhubError('JHUB-E100', `${name} cannot be run: ${why}`, {fix: 'Save it in JupyterLab as a notebook (.ipynb)'})
  const document = readJson(text)
  if (!isRecord(document) || !Array.isArray(document['cells'])) throw refuse('it is not a notebook of format 4')
  const cells = document['cells']
    .filter(isRecord)
    .filter((cell) => cell['cell_type'] === 'code')
    .map(({source}) => (Array.isArray(source) ? source.map(String).join('') : typeof source === 'string' ? source : ''))
    .filter((source) => source.trim() !== '')
  if (cells.length === 0) throw refuse('it has no cell with code')
  const kernel = kernelOf(document['metadata'])
  return {name, cells, ...definedOnly({kernel})}
}

function kernelOf(metadata: unknown): string | undefined {
  const kernelspec = isRecord(metadata) ? metadata['kernelspec'] : undefined
  const name = isRecord(kernelspec) ? kernelspec['name'] : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
