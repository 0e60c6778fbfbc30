import {access} from 'node:fs/promises'
import path from 'node:path'

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge']
const files = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

/** The program of Chromium, Chrome or Edge on this computer; `undefined` where there is none. */
export async function findBrowser(): Promise<string | undefined> {
  const places = (process.env['PATH'] ?? '').split(path.delimiter).filter((place) => path.isAbsolute(place))
  const candidates = [...places.flatMap((place) => programs.map((name) => path.join(place, name))), ...files]
  for (const file of candidates) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}
