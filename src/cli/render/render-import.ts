import type {TljhImportResult} from '../../hub/import/import-tljh.js'

/** Where the spec is, what a person must know of it, and what is typed next. */
export function renderImport({spec, notes, secret}: Pick<TljhImportResult, 'spec' | 'notes' | 'secret'>): string {
  return [
    `Wrote ${spec}`,
    ...notes.map((note) => `- ${note}`),
    ...(secret === null ? [] : [`Next:  jhub auth secret   # asks for ${secret}, which is never in the settings file`]),
    `${secret === null ? 'Next:' : 'Then:'}  jhub up`,
  ].join('\n')
}

/** The same, with what copies the homes. */
export function renderTljhImport({copyHomes, ...result}: TljhImportResult): string {
  if (copyHomes === '') return renderImport(result)
  return [
    renderImport(result),
    '',
    'Homes stay where they are. Once each server was started here, this copies them:',
    '',
    copyHomes,
  ].join('\n')
}
