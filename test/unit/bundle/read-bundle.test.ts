import {mkdtemp, readFile, rm, truncate, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pack, type Header} from 'tar-stream'
import {buffer} from 'node:stream/consumers'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {readManifest, unpackBundle} from '../../../src/bundle/read-bundle.js'
import {writeBundle, type BundleFacts} from '../../../src/bundle/write-bundle.js'
import {realHost} from '../../../src/host/real-host.js'

const host = realHost()
const {signal} = new AbortController()
const wheel = 'packages/six-1.17.0-py2.py3-none-any.whl'
const text = 'a package\n'.repeat(30_000)

let place = ''
let bundle = ''
let target = ''

beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'jhub-bundle-'))
  bundle = path.join(place, 'b.tar')
  target = path.join(place, 'unpacked')
  await writeFile(path.join(place, 'six.whl'), text)
  const facts = {jhub: '1.0.0', made: '2026-11-26T10:00:00.000Z', platform: 'linux', architecture: 'x86_64'} as const
  const manifest: BundleFacts<'files' | 'format'> = {mode: 'vm', ...facts, python: '3.13', locks: {uv: '0123456789ab'}}
  await writeBundle(host, {manifest, files: new Map([[wheel, path.join(place, 'six.whl')]]), output: bundle}, signal)
})
afterEach(() => rm(place, {recursive: true, force: true}))

const unpack = () => unpackBundle(host, bundle, target, signal)
const manifestText = async () => JSON.stringify(await readManifest(host, bundle))

async function tarOf(...entries: readonly (readonly [Partial<Header> & {name: string}, string?])[]): Promise<void> {
  const archive = pack()
  for (const [headers, content = ''] of entries) archive.entry(headers, content)
  archive.finalize()
  await writeFile(bundle, await buffer(archive))
}

describe('a bundle', () => {
  it('is unpacked as it was written', async () => {
    expect((await unpack()).manifest).toMatchObject({python: '3.13', files: [{name: wheel, bytes: text.length}]})
    expect(await readFile(path.join(target, wheel), 'utf8')).toBe(text)
  })

  it('says what it is without being unpacked', async () => {
    expect(await readManifest(host, bundle)).toMatchObject({format: 2, architecture: 'x86_64'})
  })

  it.each([
    [1, 'older'],
    [3, 'newer'],
  ])('of another form (%i) says that its jhub is %s', async (format, age) => {
    await tarOf([{name: 'bundle.json'}, (await manifestText()).replace('"format":2', `"format":${String(format)}`)])
    await expect(unpack()).rejects.toThrow(
      `${bundle} was made by jhub 1.0.0, which is ${age} than this one and makes other bundles`,
    )
  })

  it('that is not there is told so, and not called damaged', async () => {
    await rm(bundle)
    await expect(readManifest(host, bundle)).rejects.toThrow(`There is no file ${bundle}`)
  })

  const damages: Readonly<Record<string, () => Promise<unknown>>> = {
    'is not there': () => rm(bundle),
    'is empty': () => writeFile(bundle, ''),
    'is something else': () => writeFile(bundle, 'PK\u0003\u0004 no tar'.repeat(200)),
    'was cut short in the middle of a file': () => truncate(bundle, 100_000),
    'was cut short between two files': async () => tarOf([{name: 'bundle.json'}, await manifestText()]),
    'has another byte in it': async () => {
      const bytes = await readFile(bundle)
      bytes[200_000] = 0
      await writeFile(bundle, bytes)
    },
    'holds more than it names': async () =>
      tarOf([{name: 'bundle.json'}, await manifestText()], [{name: 'packages/other.whl'}, 'x']),
    'leads out of its place': async () =>
      tarOf([{name: 'bundle.json'}, (await manifestText()).replace(wheel, 'packages/../../../x')]),
    'holds a link': async () =>
      tarOf([{name: 'bundle.json'}, await manifestText()], [{name: wheel, type: 'symlink', linkname: '/etc/passwd'}]),
    'begins with something else': () => tarOf([{name: wheel}, 'x']),
    'is of a jhub before this one': async () =>
      tarOf([{name: 'bundle.json'}, (await manifestText()).replace('"format":2,"mode":"vm"', '"format":1')]),
    'is of a later jhub': async () =>
      tarOf([{name: 'bundle.json'}, (await manifestText()).replace('"format":2', '"format":3')]),
  }
  it.each(Object.entries(damages))('that %s is refused, and says so', async (_, damage) => {
    await damage()
    await expect(unpack()).rejects.toThrow(/is not a|was made by jhub 1\.0\.0|There is no file/)
    await expect(unpack()).rejects.toMatchObject({code: 'JHUB-E231'})
  })
})
