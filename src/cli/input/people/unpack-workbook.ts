import {unzipSync, zipSync} from 'fflate'

/** The parts of a workbook by their names in it. */
export type WorkbookParts = Readonly<Record<string, Uint8Array>>

/** Of no list of people: a few kilobytes can be made to unpack to any size. */
const mostBytes = 300_000_000

/** What is text in a workbook, unpacked; pictures are left out. Throws for what is no archive, or unpacks to too much. */
export function unpackWorkbook(workbook: Uint8Array): WorkbookParts {
  let room = mostBytes
  return unzipSync(workbook, {
    filter({name, originalSize}) {
      if (!/\.(?:xml|rels)$/i.test(name)) return false
      room -= originalSize
      if (room < 0) throw new Error(`It unpacks to more than ${String(mostBytes / 1e6)} MB`)
      return true
    },
  })
}

export function isSheet(name: string): boolean {
  return /^xl\/worksheets\/[^/]+\.xml$/i.test(name)
}

/** A workbook of these parts, which need no time to be unpacked again. */
export function packWorkbook(parts: WorkbookParts): Uint8Array {
  return zipSync({...parts}, {level: 0})
}
