import {existsSync, readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'), {recursive: true, encoding: 'utf8'}).map((file) => path.join('docs', file)),
].filter((file) => file.endsWith('.md'))
const textOf = (page: string) => readFileSync(path.join(root, page), 'utf8')
const {commands} = JSON.parse(readFileSync(path.join(root, 'oclif.manifest.json'), 'utf8')) as {
  commands: Readonly<Record<string, unknown>>
}
/** Ours and those of oclif's plugins. */
const known = [...Object.keys(commands).map((id) => id.replaceAll(':', ' ')), 'autocomplete']

describe('the documentation', () => {
  it.each(pages)('%s leads only to what is there', (page) => {
    const targets = [...textOf(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target ?? '')
    const missing = targets.filter(
      (target) => !target.startsWith('http') && !existsSync(path.join(root, path.dirname(page), target)),
    )
    expect(missing).toEqual([])
  })

  it.each(pages)('%s names only commands that can be typed', (page) => {
    const typed = codeOf(textOf(page)).flatMap((code) =>
      [...code.matchAll(/(?:^|[\s|(/])jhub (?!was removed|out\b)([a-z-]+)(?: ([a-z0-9-]+))?/gm)].map(
        ([, first = '', second = '']) => ({
          first,
          both: `${first} ${second}`.trim(),
        }),
      ),
    )
    const wrong = typed.filter(({first, both}) => !known.includes(first) && !known.includes(both))
    expect(wrong.map(({both}) => both)).toEqual([])
  })

  it('has every command in a row of the table in the README', () => {
    const rows = textOf('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
    const missing = known.filter((command) => {
      const [topic = '', verb] = command.split(' ')
      const inRow = (row: string) =>
        row.includes(`\`${command}\``) || (row.includes(`\`${topic} `) && row.includes(`\`${verb ?? topic}\``))
      return !rows.some(inRow)
    })
    expect(missing).toEqual([])
  })

  it.each(['docs/spec.md'])('%s shows a spec that can be used as it is', (page) => {
    const [, source = ''] = /```yaml\n([\s\S]+?)```/.exec(textOf(page)) ?? []
    expect(parseHubSpec(source, page).name).toBe('workshop')
  })
})

/** What is set as code: between backticks, in fences, and indented. */
function codeOf(text: string): readonly string[] {
  const fenced = [...text.matchAll(/```\w*\n([\s\S]+?)```/g)].map(([, code]) => code ?? '')
  const rest = text.replace(/```[\s\S]+?```/g, '')
  const inline = [...rest.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '')
  const indented = rest
    .split('\n')
    .filter((line) => /^ {4}(?:\$ )?\S/.test(line) && !/^ {4}jhub(?:: | is | keeps )/.test(line))
  return [...fenced, ...inline, ...indented]
}
