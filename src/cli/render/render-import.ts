import type {TljhImportResult} from '../../hub/import/import-tljh.js'

/** Where the spec is, what a person must know of it, and what is typed next. */
export function renderImport({spec, notes}: {readonly spec: string; readonly notes: readonly string[]}): string {
  return [`Wrote ${spec}`, ...notes.map((note) => `- ${note}`), 'Next:  jhub up'].join('\n')
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
