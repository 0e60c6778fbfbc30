import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {editFile} from '../../../../src/cli/input/edit-file.js'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-edit-'))
  file = path.join(directory, 'a spec.yaml')
  await writeFile(file, 'name: Ana López\n')
})
afterEach(() => rm(directory, {recursive: true}))

it('opens the file in the editor with its own words, and waits for it', async () => {
  const program = path.join(directory, 'my editor')
  await writeFile(program, '#!/bin/sh\nsleep 0.1\necho "$1" >> "$2"\n', {mode: 0o755})
  await editFile(file, {EDITOR: `"${program}" --wait`})
  expect(await readFile(file, 'utf8')).toBe('name: Ana López\n--wait\n')
})

it('takes VISUAL before EDITOR', () => editFile(file, {VISUAL: 'true', EDITOR: 'no-such-editor'}))

it('says that an editor is not there, and what to type', async () => {
  await expect(editFile(file, {EDITOR: 'no-such-editor --wait'})).rejects.toMatchObject({
    code: 'JHUB-E201',
    message: 'There is no editor no-such-editor here',
    suggestions: [expect.stringContaining('EDITOR=nano'), expect.stringContaining('jhub config path')] as unknown,
  })
})

it('takes an editor that ends with an error as a no', async () => {
  await expect(editFile(file, {EDITOR: 'false'})).rejects.toMatchObject({code: 'JHUB-E130'})
})
