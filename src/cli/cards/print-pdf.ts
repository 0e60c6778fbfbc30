import {chmod, copyFile, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {execa} from 'execa'
import {JhubError, messageOf} from '../../errors.js'
import {findBrowser} from './find-browser.js'

const toPrint = 'jhub cards --format html   # then print the page from any browser'

/** Prints a page, given as HTML, into a PDF of mode 0600, by a browser of this computer. Throws `JHUB-E201` where there is none, or it fails. */
export async function printPdf(page: string, pdf: string, signal: AbortSignal): Promise<void> {
  const browser = await findBrowser()
  if (browser === undefined)
    throw new JhubError(
      'JHUB-E201',
      'A PDF is printed by Chromium, Chrome or Edge, and none of them is installed here',
      {fix: toPrint},
    )
  const profile = await mkdtemp(path.join(tmpdir(), 'jhub-browser-'))
  try {
    // As root, Chromium starts without its sandbox only. The page is our own and loads nothing.
    const rights = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const words = ['--headless', '--disable-gpu', `--user-data-dir=${profile}`, '--no-pdf-header-footer', ...rights]
    const [shown, printed] = [path.join(profile, 'page.html'), path.join(profile, 'page.pdf')]
    await writeFile(shown, page, {mode: 0o600})
    await execa(browser, [...words, `--print-to-pdf=${printed}`, pathToFileURL(shown).href], {
      timeout: 120_000,
      cancelSignal: signal,
    })
    await chmod(printed, 0o600)
    await rm(pdf, {force: true})
    await copyFile(printed, pdf)
    await chmod(pdf, 0o600)
  } catch (error) {
    throw new JhubError('JHUB-E201', `${browser} did not print the cards: ${messageOf(error).split('\n')[0] ?? ''}`, {
      fix: toPrint,
      cause: error,
    })
  } finally {
    await rm(profile, {recursive: true, force: true, maxRetries: 3})
  }
}
