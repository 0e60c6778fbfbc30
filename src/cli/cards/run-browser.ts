import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {execa} from 'execa'

interface BrowserRun<T> {
  readonly browser: string
  readonly signal: AbortSignal
  /** What the browser does with the page; `directory` is removed afterwards. */
  readonly action: (directory: string) => string
  readonly take: (ran: {readonly directory: string; readonly stdout: string}) => Promise<T> | T
}

/** Opens a page of our own, given as HTML, in a browser without a window, and gives what `take` makes of it. */
export async function runBrowser<T>(page: string, {browser, signal, action, take}: BrowserRun<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-browser-'))
  try {
    // As root, Chromium starts without its sandbox only. The page is our own and loads nothing.
    const rights = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const words = ['--headless', '--disable-gpu', `--user-data-dir=${directory}`, '--no-pdf-header-footer', ...rights]
    const shown = path.join(directory, 'page.html')
    await writeFile(shown, page, {mode: 0o600})
    const {stdout} = await execa(browser, [...words, action(directory), pathToFileURL(shown).href], {
      timeout: 120_000,
      cancelSignal: signal,
    })
    return await take({directory, stdout})
  } finally {
    await rm(directory, {recursive: true, force: true, maxRetries: 3})
  }
}
