import {chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {extract} from 'tar-stream'
import {readBuildDirectory} from '../../../../src/host/docker/build-directory.js'

let root: string
const write = async (name: string, text: string) => {
  await mkdir(path.dirname(path.join(root, name)), {recursive: true})
  await writeFile(path.join(root, name), text)
}
const digest = async () => (await readBuildDirectory(root)).digest()
const packed = async () => {
  const archive = extract()
  ;(await (await readBuildDirectory(root)).pack()).pipe(archive)
  const found: string[] = []
  for await (const entry of archive) {
    const {name, type, linkname} = entry.header
    found.push(type === 'symlink' ? `${name} -> ${linkname}` : name)
    entry.resume()
  }
  return found
}

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'jhub-build-'))
  await write('Dockerfile', 'FROM base\n')
  await write('src/a.py', 'a')
})
afterEach(() => rm(root, {recursive: true}))

describe('a directory that is built', () => {
  it('is another one when a name, a content, a link or what may be run is another, and not when it is touched', async () => {
    const seen = [await digest()]
    const isNew = async () => {
      const next = await digest()
      const result = !seen.includes(next)
      seen.push(next)
      return result
    }
    await utimes(path.join(root, 'src/a.py'), 1, 1)
    expect(await isNew()).toBe(false)
    await write('src/a.py', 'b')
    expect(await isNew()).toBe(true)
    await write('src/b.py', 'b')
    expect(await isNew()).toBe(true)
    await chmod(path.join(root, 'src/b.py'), 0o755)
    expect(await isNew()).toBe(true)
    await symlink('/etc/passwd', path.join(root, 'link'))
    expect(await isNew()).toBe(true)
  })

  it('is sent without what its .dockerignore names, and links are sent as links', async () => {
    await write('.dockerignore', '# notes\n*.log\nsrc\n!src/kept.py\nDockerfile\n')
    await write('a.log', '')
    await write('src/kept.py', '')
    await symlink('/etc/passwd', path.join(root, 'link'))
    const before = await digest()
    await write('b.log', 'of no effect')
    await write('src/other.py', 'of no effect')
    expect(await digest()).toBe(before)
    expect(await packed()).toEqual(['.dockerignore', 'Dockerfile', 'link -> /etc/passwd', 'src', 'src/kept.py'])
  })

  it('is none without a Dockerfile', async () => {
    await rm(path.join(root, 'Dockerfile'))
    await expect(readBuildDirectory(root)).rejects.toMatchObject({code: 'JHUB-E301'})
  })
})
