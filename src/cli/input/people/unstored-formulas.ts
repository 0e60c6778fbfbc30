import {strFromU8, unzipSync} from 'fflate'

/** Cells of a workbook with a formula whose result is not stored, such as `B2`, as they come. They are read as empty. */
export function unstoredFormulas(workbook: Uint8Array): readonly string[] {
  const sheets = unzipSync(workbook, {filter: ({name}) => /^xl\/worksheets\/[^/]+\.xml$/i.test(name)})
  return Object.values(sheets).flatMap((sheet) =>
    [...strFromU8(sheet).matchAll(formula)].flatMap(([, , attributes = '']) =>
      // Excel stores a result without letters as an empty text.
      /\st="str"/.test(attributes) ? [] : [/\sr="([^"]*)"/.exec(attributes)?.[1] ?? ''],
    ),
  )
}

const formula =
  /<((?:\w+:)?)c\b([^>]*)>\s*<\1f\b(?:[^>]*\/>|[^>]*>[^<]*<\/\1f>)\s*(?:<\1v\s*\/>|<\1v>\s*<\/\1v>)?\s*<\/\1c>/g
