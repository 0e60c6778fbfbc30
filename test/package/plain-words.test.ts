import {readFileSync} from 'node:fs'
import {glob} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import ts from 'typescript'
import {describe, expect, it} from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Words that only this code would understand, with the field's own. */
const privateWords: readonly (readonly [RegExp, string])[] = [
  [/\bdoors?\b/i, 'endpoint, address'],
  [/(?<!in )\bfront\b/i, 'HTTPS proxy, Caddy'],
  [/\bgrounds?\b/i, 'the base of a machine'],
  [/\bpromise[sd]?\b/i, 'note, guarantee'],
  [/\brosters?\b/i, 'people, a table of people'],
  [/\bleads?\b(?! to\b)/i, 'forward, point at'],
  [/\b(bring|brings|brought)\b(?! (it|the hub|them|people|everybody|a hub|up)\b| back\b)/i, 'install, download, ship'],
  [/\bsums?\b/i, 'digest'],
  [/\bspecs?\b/i, 'settings file'],
]

function wordsIn(text: string): readonly string[] {
  return privateWords.flatMap(([word, better]) => {
    const found = word.exec(text)
    return found === null ? [] : [`"${found[0]}" in "${text.trim().slice(0, 120)}": say ${better}`]
  })
}

/** The texts of a source that are sentences, or pieces of them, or labels. */
function sentencesOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest)
  const texts: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      if (/\s\S+\s|^\w+:\s/.test(node.text)) texts.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return texts
}

/** A page without what is code, settings or a path in it. */
function proseOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/`[^`\n]*`/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
}

async function filesLike(...patterns: readonly string[]): Promise<readonly string[]> {
  const found = await Array.fromAsync(glob([...patterns], {cwd: root}))
  expect(found).not.toEqual([])
  return found.sort()
}

describe('what people read', () => {
  it('has no private words: help, messages, prompts and errors', async () => {
    const found = (await filesLike('src/**/*.ts', 'commands/**/*.ts')).flatMap((file) =>
      sentencesOf(file)
        .flatMap(wordsIn)
        .map((said) => `${file}: ${said}`),
    )
    expect(found).toEqual([])
  })

  it('has no private words: README, task pages and the pages of the hub', async () => {
    const found = (await filesLike('README.md', 'docs/*.md', 'assets/hub/templates/*.html')).flatMap((file) =>
      proseOf(file)
        .split('\n')
        .flatMap(wordsIn)
        .map((said) => `${file}: ${said}`),
    )
    expect(found).toEqual([])
  })

  it('would be found with one', () => {
    expect(wordsIn('Nothing stands in front of the hub; jhub brings the hub up.')).toEqual([])
    expect(wordsIn('Open the door of the hub.')).toHaveLength(1)
    expect(wordsIn('Bring Caddy')).toHaveLength(1)
    expect(wordsIn('Spec:  /home/maria/jhub.yaml')).toHaveLength(1)
  })
})
