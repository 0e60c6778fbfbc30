import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {readRecipe} from '../../../../src/engines/images/read-recipe.js'
import type {ImageSpec} from '../../../../src/hub-spec/images/images-spec.js'
import {realFiles} from '../../../../src/host/files/real-files.js'

const little = [...Buffer.from('tabulate\r\nhumanize\r\n', 'utf16le')]
const big = [...Buffer.from('tabulate\nhumanize\n', 'utf16le').swap16()]

describe('a requirements file', () => {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'jhub-recipe-'))
  })
  afterAll(() => rm(directory, {recursive: true}))

  it.each([
    ['UTF-16, as PowerShell writes it', [0xff, 0xfe, ...little]],
    ['UTF-16 of the other order', [0xfe, 0xff, ...big]],
    ['UTF-8 with a byte order mark', [...Buffer.from('\uFEFFtabulate\r\nhumanize\r\n')]],
  ])('in %s', async (_, bytes) => {
    const file = path.join(directory, 'requirements.txt')
    await writeFile(file, Uint8Array.from(bytes))
    const image = {recipe: {by: 'requirements', file}} as unknown as ImageSpec
    expect(await readRecipe(realFiles, 'data', image)).toEqual({requirements: ['tabulate', 'humanize']})
  })
})
