import path from 'node:path'
import type {HubContext} from '../../hub/session/hub-context.js'
import type {CardsResult} from '../../hub/cards.js'
import {renderCardsCsv} from './cards-csv.js'
import {renderCardsPage, type Paper} from './cards-page.js'
import {printPdf} from './print-pdf.js'

export type CardsFormat = 'html' | 'pdf' | 'csv'

export interface CardSheetOptions {
  readonly directory: string
  readonly formats: readonly CardsFormat[]
  readonly paper: Paper
}

/** Writes the cards, readable for this account alone; gives the files. Throws `JHUB-E201` when a PDF cannot be made. */
export async function writeCards(
  {host: {files}, signal}: Pick<HubContext, 'host' | 'signal'>,
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
    await printPdf(page, file('pdf'), signal)
  }
  return formats.map(file)
}
