import {readFileSync, readdirSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {validateWorkflow} from '@action-validator/core'
import {describe, expect, it} from 'vitest'

const directory = fileURLToPath(new URL('../../.github/workflows', import.meta.url))
const {scripts} = JSON.parse(readFileSync(path.join(directory, '../../package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>
}

describe('the workflows', () => {
  it.each(readdirSync(directory))('%s is what GitHub understands, and calls only scripts that exist', (name) => {
    const content = readFileSync(path.join(directory, name), 'utf8')
    expect(validateWorkflow(content).errors).toEqual([])
    const called = [...content.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script)
    expect(called.filter((script) => scripts[script] === undefined)).toEqual([])
  })

  it('would be refused with a key that does not exist', () => {
    expect(validateWorkflow('on: push\njobs: {a: {runs-on: x, stepz: []}}\n').errors).not.toEqual([])
  })
})
