import {createHash} from 'node:crypto'
import {chmod, mkdir, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {createGunzip} from 'node:zlib'
import {JhubError} from '../../errors.js'
import {unfinishedFile} from '../files/unfinished-file.js'
import type {DownloadOptions, Download, Downloads} from './downloads.js'
import {outwardAgent} from './outward-agent.js'
import {trustedAuthorities} from './trusted-authorities.js'

/** How long a server may be silent, in milliseconds. */
const silentMs = 60_000
const fix =
  'Check the network; behind a company proxy set HTTPS_PROXY and SSL_CERT_FILE. Then run the same command again.'

/** Downloads by undici, which goes through a company's proxy and knows its certificates. */
export const realDownloads: Downloads = {
  async fetch(wanted, options) {
    const {url, sha256, member} = wanted
    const archive = await fetchBytes(wanted, options)
    const found = createHash('sha256').update(archive).digest('hex')
    if (found !== sha256) {
      throw new JhubError('JHUB-E205', `The download from ${url} is not the expected file`, {
        cause: new Error(`sha256 ${found}, expected ${sha256}`),
        fix: 'Do not use it. A web filter or a login page may be in the way: open any page in a browser, then run the same command again.',
      })
    }
    await putProgram(wanted.path, member === undefined ? archive : await readMember(archive, member))
  },
}

async function fetchBytes({url}: Download, {signal, onBytes}: DownloadOptions): Promise<Buffer> {
  const {request, interceptors} = await import('undici')
  const connect = {ca: [...(await trustedAuthorities())]}
  const agent = await outwardAgent({connect, requestTls: connect, proxyTls: connect})
  try {
    const response = await request(url, {
      dispatcher: agent.compose(interceptors.redirect({maxRedirections: 5})),
      signal,
      headersTimeout: silentMs,
      bodyTimeout: silentMs,
    })
    if (response.statusCode !== 200) throw new Error(`the server answered ${String(response.statusCode)}`)
    const total = Number(response.headers['content-length'])
    const chunks: Buffer[] = []
    let done = 0
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      done += chunk.length
      onBytes(done, Number.isNaN(total) ? undefined : total)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    signal.throwIfAborted()
    throw new JhubError('JHUB-E205', `Could not download ${url}`, {cause: error, fix})
  } finally {
    await agent.destroy()
  }
}

async function readMember(archive: Buffer, member: string): Promise<Buffer> {
  const {extract} = await import('tar-stream')
  const entries = extract()
  let found: Buffer | undefined
  const reading = (async () => {
    for await (const entry of entries) {
      const chunks: Buffer[] = []
      for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk)
      if (entry.header.name === member) found = Buffer.concat(chunks)
    }
  })()
  await Promise.all([pipeline(Readable.from([archive]), createGunzip(), entries), reading])
  if (found === undefined) throw new JhubError('JHUB-E205', `The archive has no ${member}`)
  return found
}

async function putProgram(file: string, bytes: Buffer): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true, mode: 0o700})
  const temporary = unfinishedFile(file)
  try {
    await writeFile(temporary, bytes)
    await chmod(temporary, 0o755)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, {force: true})
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new JhubError('JHUB-E209', `No space left on the disk for ${file}`, {cause: error, fix: 'df -h'})
    }
    throw error
  }
}
