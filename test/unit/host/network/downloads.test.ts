import {createHash} from 'node:crypto'
import {mkdtemp, readFile, readdir, rm, stat} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {buffer} from 'node:stream/consumers'
import {gzipSync} from 'node:zlib'
import {pack} from 'tar-stream'
import {afterAll, beforeAll, expect, it} from 'vitest'
import type {JhubError} from '../../../../src/errors.js'
import {realDownloads} from '../../../../src/host/network/real-downloads.js'

const program = Buffer.from('#!/bin/sh\necho hello\n')
const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

let directory = ''
let server: Server
let base = ''
let archive: Buffer

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-downloads-'))
  const tar = pack()
  tar.entry({name: 'linux-amd64/README.md'}, 'read me')
  tar.entry({name: 'linux-amd64/helm'}, program)
  tar.finalize()
  archive = gzipSync(await buffer(tar))
  server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, {location: '/program'}).end()
    else if (request.url === '/program') response.end(program)
    else if (request.url === '/archive') response.end(archive)
    else if (request.url === '/broken') {
      response.writeHead(200, {'content-length': '1000'})
      response.write('half of it', () => request.socket.destroy())
    } else response.writeHead(404).end('not here')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
})
afterAll(async () => {
  server.close()
  await rm(directory, {recursive: true, force: true})
})

const download = async (url: string, sha256: string, member?: string) => {
  const place = path.join(directory, 'tools', url.split('/').at(-1) ?? '')
  const seen: number[] = []
  await realDownloads.fetch(
    {
      url: url.startsWith('http') ? url : `${base}${url}`,
      sha256,
      path: place,
      ...(member === undefined ? {} : {member}),
    },
    {signal: new AbortController().signal, onBytes: (done) => seen.push(done)},
  )
  return {place, seen}
}

it('a program is put to its place, executable, and told while it comes', async () => {
  const {place, seen} = await download('/program', sum(program))
  expect(await readFile(place)).toEqual(program)
  expect((await stat(place)).mode & 0o777).toBe(0o755)
  expect(seen.at(-1)).toBe(program.length)
})

it('is taken out of an archive, and from where it was moved to', async () => {
  expect(await readFile((await download('/archive', sum(archive), 'linux-amd64/helm')).place)).toEqual(program)
  expect(await readFile((await download('/moved', sum(program))).place)).toEqual(program)
})

it.each([
  ['another sum', '/program', '0'.repeat(64), undefined, 'is not the expected file'],
  ['nothing there', '/missing', sum(program), undefined, 'Could not download'],
  ['half of it', '/broken', sum(program), undefined, 'Could not download'],
  ['nobody there', 'http://127.0.0.1:9/program', sum(program), undefined, 'Could not download'],
])('%s is refused, and nothing is left', async (_, url, sha256, member, words) => {
  const before = await readdir(path.join(directory, 'tools'))
  const failure = (await download(url, sha256, member).catch((error: unknown) => error)) as JhubError
  expect(failure.code).toBe('JHUB-E205')
  expect(failure.message).toContain(words)
  expect(await readdir(path.join(directory, 'tools'))).toEqual(before)
})

it('an archive without the program is refused', async () => {
  const failure = (await download('/archive', sum(archive), 'linux-amd64/kind').catch(
    (error: unknown) => error,
  )) as JhubError
  expect(failure.message).toContain('has no linux-amd64/kind')
})
