import {chmod, copyFile, rm} from 'node:fs/promises'
import path from 'node:path'
import {JhubError, messageOf} from '../../errors.js'
import {runBrowser} from './run-browser.js'

/** For a computer whose browser prints no PDF. */
export const toPrint = 'jhub cards --format html   # then print the page from any browser'

/** Prints a page, given as HTML, into a PDF of mode 0600. Throws `JHUB-E201` when the browser fails. */
export async function printPdf(
  page: string,
  {browser, pdf, signal}: {readonly browser: string; readonly pdf: string; readonly signal: AbortSignal},
): Promise<void> {
  const printedIn = (directory: string) => path.join(directory, 'page.pdf')
  try {
    await runBrowser(page, {
      browser,
      signal,
      action: (directory) => `--print-to-pdf=${printedIn(directory)}`,
      async take({directory}) {
        const printed = printedIn(directory)
        await chmod(printed, 0o600)
        await rm(pdf, {force: true})
        await copyFile(printed, pdf)
        await chmod(pdf, 0o600)
      },
    })
  } catch (error) {
    throw new JhubError('JHUB-E201', `${browser} did not print the cards: ${messageOf(error).split('\n')[0] ?? ''}`, {
      fix: toPrint,
      cause: error,
    })
  }
}
