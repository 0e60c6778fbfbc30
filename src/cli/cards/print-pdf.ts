import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {execa} from 'execa'
import {JhubError, messageOf} from '../../errors.js'
import {findBrowser} from './find-browser.js'

/** Prints a page into a PDF of mode 0600, by a browser of this computer. Throws `JHUB-E201` where there is none, or it fails. */
export async function printPdf(page: string, pdf: string, signal: AbortSignal): Promise<void> {
  const browser = await findBrowser()
  if (browser === undefined)
    throw new JhubError(
      'JHUB-E201',
      'A PDF is printed by Chromium, Chrome or Edge, and none of them is installed here',
      {
        fix: ['Open the HTML file in any browser and print it from there', 'jhub cards --format html'],
      },
    )
  const profile = await mkdtemp(path.join(tmpdir(), 'jhub-browser-'))
  try {
    // As root, Chromium starts without its sandbox only. The page is our own and loads nothing.
    const rights = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const words = ['--headless', '--disable-gpu', `--user-data-dir=${profile}`, '--no-pdf-header-footer', ...rights]
    const printed = path.join(profile, 'page.pdf')
    await execa(browser, [...words, `--print-to-pdf=${printed}`, pathToFileURL(page).href], {
      timeout: 120_000,
      cancelSignal: signal,
    })
    await chmod(printed, 0o600)
    const {copyFile} = await import('node:fs/promises')
    await rm(pdf, {force: true})
    await copyFile(printed, pdf)
    await chmod(pdf, 0o600)
  } catch (error) {
    throw new JhubError('JHUB-E201', `${browser} did not print the cards: ${messageOf(error).split('\n')[0] ?? ''}`, {
      fix: 'Open the HTML file in any browser and print it from there',
      cause: error,
    })
  } finally {
    await rm(profile, {recursive: true, force: true, maxRetries: 3})
  }
}
