import {strFromU8} from 'fflate'
import {isSheet, type WorkbookParts} from './unpack-workbook.js'

/** Cells of a workbook with a formula whose result is not stored, such as `B2`, as they come. They are read as empty. */
export function unstoredFormulas(parts: WorkbookParts): readonly string[] {
  const sheets = Object.entries(parts).filter(([name]) => isSheet(name))
  return sheets.flatMap(([, sheet]) =>
    [...strFromU8(sheet).matchAll(formula)].flatMap(([, , attributes = '']) =>
      // Excel stores a result without letters as an empty text.
      /\st="str"/.test(attributes) ? [] : [/\sr="([^"]*)"/.exec(attributes)?.[1] ?? ''],
    ),
  )
}

const formula =
  /<((?:\w+:)?)c\b([^>]*)>\s*<\1f\b(?:[^>]*\/>|[^>]*>[^<]*<\/\1f>)\s*(?:<\1v\s*\/>|<\1v>\s*<\/\1v>)?\s*<\/\1c>/g
