import {existsSync, readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = path.join(root, 'docs', 'decisions')
const records = readdirSync(folder).sort()
const textOf = (file: string) => readFileSync(path.join(folder, file), 'utf8')
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs', 'src', 'commands', 'assets', 'test']
  .flatMap((place) =>
    place.endsWith('.md')
      ? [place]
      : readdirSync(path.join(root, place), {recursive: true, encoding: 'utf8'}).map((file) => path.join(place, file)),
  )
  .filter((file) => /\.(?:md|ts|py)$/.test(file))

describe('the decision records', () => {
  it('are numbered from 1 without gaps', () => {
    expect(records.map((file) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]))).toEqual(
      records.map((_, index) => index + 1),
    )
  })

  it.each(records)('%s has its number and title, a status with a date, and a text', (file) => {
    const [title, , status, , ...text] = textOf(file).split('\n')
    expect(title).toMatch(new RegExp(`^# ${Number(file.slice(0, 4)).toFixed()}\\. \\S`))
    expect(status).toMatch(/^Status: (?:accepted|superseded), 20\d\d-\d\d-\d\d\b/)
    expect(text.join('\n').trim()).not.toBe('')
  })

  it('are named by their own numbers wherever a page or a file names them', () => {
    expect(pages.flatMap((page) => wrongIn(page).map((named) => `${page}: ${named}`))).toEqual([])
  })
})

/** Links to a record that is not there or has another number, and numbers that no record has. */
function wrongIn(page: string): readonly string[] {
  const text = readFileSync(path.join(root, page), 'utf8')
  const links = [...text.matchAll(/\[([^\]\n]*)\]\(((?:[^()\s]*\/)?(\d{4})-[a-z0-9-]+\.md)\)/g)].filter(
    ([, label = '', target = '', number]) => {
      const named = /\d+/.exec(label)?.[0]
      const isThere = existsSync(path.join(root, path.dirname(page), target))
      return !isThere || (named !== undefined && Number(named) !== Number(number))
    },
  )
  const numbers = [...text.matchAll(/\bdecision (\d+)\b(?!\])/gi)].filter(([, number]) => {
    return Number(number) < 1 || Number(number) > records.length
  })
  return [...links, ...numbers].map(([named]) => named)
}
