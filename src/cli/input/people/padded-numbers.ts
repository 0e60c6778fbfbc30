import {strFromU8, strToU8} from 'fflate'
import {isSheet, type WorkbookParts} from './unpack-workbook.js'

/**
 * A workbook whose numbers are texts where their format adds something: 731 with the format `00000` is `00731`, as the sheet
 * shows it. The same parts where no format does.
 */
export function withPaddedNumbers(parts: WorkbookParts): WorkbookParts {
  const styles = Object.entries(parts).find(([name]) => /^xl\/styles\.xml$/i.test(name))?.[1]
  const formats = styles === undefined ? new Map<string, Format>() : paddingStyles(strFromU8(styles))
  if (formats.size === 0) return parts
  const changed = Object.entries(parts).map(([name, bytes]) => [
    name,
    isSheet(name) ? strToU8(padCells(strFromU8(bytes), formats)) : bytes,
  ])
  return Object.fromEntries(changed) as WorkbookParts
}

/** What a format puts around the digits: literals, and a place for each digit. */
type Format = readonly (string | typeof digit)[]

const digit = Symbol('a digit')

/** The formats that add zeros or words to whole numbers, by the index of their cell style. */
function paddingStyles(styles: string): ReadonlyMap<string, Format> {
  const codes = new Map(
    tagsOf(styles, 'numFmt').map((tag) => [attribute(tag, 'numFmtId'), decoded(attribute(tag, 'formatCode') ?? '')]),
  )
  const [cellStyles = ''] = /<(?:\w+:)?cellXfs\b.*?<\/(?:\w+:)?cellXfs>/s.exec(styles) ?? []
  return new Map(
    tagsOf(cellStyles, 'xf').flatMap((tag, index) => {
      const format = readFormat(codes.get(attribute(tag, 'numFmtId')) ?? '')
      return format === undefined ? [] : [[String(index), format] as const]
    }),
  )
}

/** `"A"000-000`; `undefined` for a format that adds nothing, and for one of dates, thousands or fractions. */
function readFormat(code: string): Format | undefined {
  const [first = ''] = code.match(/^(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\[])*/s) ?? []
  const tokens = (first.match(/"[^"]*"|\\.|\[[^\]]*\]|_.|./gs) ?? []).filter((token) => !/^(?:\[|_)/.test(token))
  const format = tokens.map((token) => (token === '0' ? digit : literal(token)))
  if (format.some((part) => part === undefined)) return undefined
  const digits = format.filter((part) => part === digit).length
  return digits > 1 || (digits === 1 && format.length > 1) ? (format as Format) : undefined
}

function literal(token: string): string | undefined {
  if (token.length > 1) return token.startsWith('"') ? token.slice(1, -1) : token.slice(1)
  return /^[-+()/: ]$/.test(token) ? token : undefined
}

function padCells(sheet: string, formats: ReadonlyMap<string, Format>): string {
  const cell = /<((?:\w+:)?)c\b([^>]*)>(?:<\1f\b[^>]*(?:\/>|>[^<]*<\/\1f>))?<\1v>(\d{1,15})(?:\.0)?<\/\1v><\/\1c>/g
  return sheet.replace(cell, (whole, prefix: string, attributes: string, digits: string) => {
    const format = formats.get(attribute(attributes, 's') ?? '')
    if (format === undefined || !['n', undefined].includes(attribute(attributes, 't'))) return whole
    const kept = attributes.replace(/\st="[^"]*"/, '')
    return `<${prefix}c${kept} t="str"><${prefix}v>${encoded(shownBy(format, digits))}</${prefix}v></${prefix}c>`
  })
}

function shownBy(format: Format, digits: string): string {
  const places = format.filter((part) => part === digit).length
  const padded = digits.padStart(places, '0')
  const surplus = padded.length - places
  let place = 0
  const next = () => padded.slice(place === 0 ? 0 : surplus + place, surplus + ++place)
  return format.map((part) => (part === digit ? next() : part)).join('')
}

function tagsOf(xml: string, name: string): readonly string[] {
  return xml.match(new RegExp(`<(?:\\w+:)?${name}\\b[^>]*>`, 'g')) ?? []
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1]
}

const entities = {'&quot;': '"', '&apos;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&'}

function decoded(text: string): string {
  return text.replace(/&(?:quot|apos|lt|gt|amp);/g, (entity) => entities[entity as keyof typeof entities])
}

function encoded(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
