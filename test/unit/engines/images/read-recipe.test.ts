import {mkdir, mkdtemp, rm, symlink, truncate, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {readRecipe, recipeKey} from '../../../../src/engines/images/read-recipe.js'
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

  const read = async (bytes: Uint8Array) => {
    const file = path.join(directory, 'requirements.txt')
    await writeFile(file, bytes)
    const image = {recipe: {by: 'requirements', file}} as unknown as ImageSpec
    return readRecipe(realFiles, 'data', image)
  }

  it.each([
    ['UTF-16, as PowerShell writes it', [0xff, 0xfe, ...little]],
    ['UTF-16 of the other order', [0xfe, 0xff, ...big]],
    ['UTF-8 with a byte order mark', [...Buffer.from('\uFEFFtabulate\r\nhumanize\r\n')]],
  ])('in %s', async (_, bytes) => {
    expect(await read(Uint8Array.from(bytes))).toEqual({requirements: ['tabulate', 'humanize']})
  })

  it('is another recipe with other hashes', async () => {
    const key = async (hash: string) => recipeKey(await read(Buffer.from(`six==1.17.0 --hash=sha256:${hash}\n`)))
    expect(await key('00')).not.toEqual(await key('11'))
    expect(recipeKey(await read(Buffer.from('six==1.17.0\n')))).toEqual(['six==1.17.0'])
  })

  it('may be a link to one, and is no pipe or device, which would be read without end', async () => {
    const at = (name: string) => path.join(directory, name)
    const readAt = (file: string) =>
      readRecipe(realFiles, 'data', {recipe: {by: 'requirements', file}} as unknown as ImageSpec)
    await writeFile(at('there.txt'), 'six\n')
    await symlink('there.txt', at('link.txt'))
    expect(await readAt(at('link.txt'))).toEqual({requirements: ['six']})
    await execa('mkfifo', [at('pipe')])
    await symlink('/dev/zero', at('zero'))
    for (const file of ['/dev/zero', at('pipe'), at('zero')])
      await expect(readAt(file)).rejects.toThrow(`${file} is a pipe, a socket or a device, not a file`)
    await expect(readAt(directory)).rejects.toThrow(`${directory} is a directory, not a file`)
  })

  it('of a project is no pipe', async () => {
    const project = path.join(directory, 'project')
    await mkdir(project)
    await execa('mkfifo', [path.join(project, 'pyproject.toml')])
    await expect(
      readRecipe(realFiles, 'data', {recipe: {by: 'project', directory: project}} as unknown as ImageSpec),
    ).rejects.toThrow('pyproject.toml is a pipe, a socket or a device, not a file')
  })

  it('is of a size that a list of packages can have', async () => {
    const file = path.join(directory, 'disk.img')
    await writeFile(file, '')
    await truncate(file, 2 ** 33)
    await expect(
      readRecipe(realFiles, 'data', {recipe: {by: 'requirements', file}} as unknown as ImageSpec),
    ).rejects.toThrow(`${file} is too large for a list of packages`)
  })

  it('that is no text is not told line by line', async () => {
    await expect(read(Buffer.from('PK\x03\x04\0\0\n\0'))).rejects.toThrow('is not a text file')
  })
})
