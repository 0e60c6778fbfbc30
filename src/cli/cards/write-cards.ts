import path from 'node:path'
import {JhubError} from '../../errors.js'
import type {HubContext} from '../../hub/session/hub-context.js'
import type {CardsResult} from '../../hub/cards.js'
import {renderCardsCsv} from './cards-csv.js'
import {renderCardsPage, type Paper} from './cards-page.js'
import {findBrowser} from './find-browser.js'
import {lettersWithoutFont} from './letters-without-font.js'
import {printPdf, toPrint} from './print-pdf.js'

export type CardsFormat = 'html' | 'pdf' | 'csv'

export interface CardSheetOptions {
  readonly directory: string
  readonly formats: readonly CardsFormat[]
  readonly paper: Paper
}

/**
 * Writes the cards, readable for this account alone; gives the files, and warns of letters that a PDF has as boxes. Throws
 * `JHUB-E201` when a PDF cannot be made.
 */
export async function writeCards(
  {host: {files}, onEvent, signal}: Pick<HubContext, 'host' | 'onEvent' | 'signal'>,
  result: CardsResult,
  {directory, formats, paper}: CardSheetOptions,
): Promise<readonly string[]> {
  const file = (kind: string) => path.join(directory, `cards.${kind}`)
  const isWanted = (format: CardsFormat) => formats.includes(format)
  const secret = {mode: 0o600}
  const page = renderCardsPage(result, paper)
  if (isWanted('html')) await files.write(file('html'), page, secret)
  if (isWanted('csv')) await files.write(file('csv'), renderCardsCsv(result), secret)
  if (isWanted('pdf')) {
    await files.makeDirectory(directory)
    const browser = await requireBrowser()
    await printPdf(page, {browser, pdf: file('pdf'), signal})
    const boxes = await lettersWithoutFont(lettersOf(result), {browser, signal})
    if (boxes.length > 0) onEvent({type: 'warning', text: boxesInPlaceOf(boxes)})
  }
  return formats.map(file)
}

async function requireBrowser(): Promise<string> {
  const browser = await findBrowser()
  if (browser !== undefined) return browser
  throw new JhubError('JHUB-E201', 'A PDF is printed by Chromium, Chrome or Edge, and none of them is installed here', {
    fix: toPrint,
  })
}

function lettersOf({cards, title, wifi}: CardsResult): string {
  return [title, wifi ?? '', ...cards.flatMap(({name, login}) => [name, login])].join('')
}

const mostShown = 10

function boxesInPlaceOf(letters: readonly string[]): string {
  const more = letters.length > mostShown ? ' …' : ''
  return `This computer has no font for ${letters.slice(0, mostShown).join(' ')}${more}. The PDF has boxes in their place. Install a font that has these letters (Noto Sans has those of all scripts), or print cards.html on a computer that shows them.`
}
